package feed

// Told is how much a subscription was told that was not read.
func (s *Subscription) Told() int {
	s.told.mu.Lock()
	defer s.told.mu.Unlock()
	return len(s.told.items)
}
