package live

// topic holds the subscriptions of one workspace. A subscription knows its
// place, so that leaving costs the same however many there are.
type topic struct {
	members []*Subscription
}

func (t *topic) empty() bool { return len(t.members) == 0 }

func (t *topic) add(s *Subscription) {
	s.place = len(t.members)
	t.members = append(t.members, s)
}

func (t *topic) remove(s *Subscription) {
	last := len(t.members) - 1
	moved := t.members[last]
	t.members[s.place], moved.place = moved, s.place
	t.members[last] = nil
	t.members = t.members[:last]
}

// each visits all. It goes from the end, so that the one being visited may be
// removed: the one that takes its place was visited before.
func (t *topic) each(visit func(*Subscription)) {
	for i := len(t.members) - 1; i >= 0; i-- {
		visit(t.members[i])
	}
}
