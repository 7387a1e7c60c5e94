package commit

import "switchboard/inbox"

func (s *Base) Committed(e inbox.Event) {
	for _, o := range s.observers {
		o.Committed(e)
	}
}
