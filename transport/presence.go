package transport

// connected reports a connection that stays open to whoever wants to know; left
// is to be called once, when it is gone.
func (id Identity) connected() (left func()) {
	if id.Connected == nil {
		return func() {}
	}
	return id.Connected()
}
