package feed

// Told is how much a subscription was told that was not read.
func (s *Subscription) Told() int {
	s.told.mu.Lock()
	defer s.told.mu.Unlock()
	return len(s.told.items)
}

// Places is how many items a subscription has memory for.
func (s *Subscription) Places() int {
	s.told.mu.Lock()
	defer s.told.mu.Unlock()
	return cap(s.told.items)
}
