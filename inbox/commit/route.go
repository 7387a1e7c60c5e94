package commit

import "switchboard/inbox"

// Committed tells the observers of an event that was committed.
func (s *Base) Committed(e inbox.Event) {
	for _, o := range s.observers {
		o.Committed(e)
	}
}
