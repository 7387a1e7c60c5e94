package desk

// LostRaces counts commits that came too late: changes counts those whose
// conversation had changed, choices those whose chosen member had received another
// conversation or whose rotation had moved. Each was tried again.
func (s *Service) LostRaces() (changes, choices uint64) {
	return s.route.lostChanges.Load(), s.route.lostChoices.Load()
}
