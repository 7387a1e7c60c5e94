package wsconn

// RoomShare is the part of a queue that may wait before whoever can wait does, one in so
// many.
const RoomShare = 4

// Room is nil if little waits to be written; else it is closed once nothing does, or the
// connection has ended.
func (w *Conn) Room() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bytes < w.options.QueueBytes/RoomShare {
		return nil
	}
	return w.idle
}
