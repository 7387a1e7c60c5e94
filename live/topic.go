package live

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
)

// topic holds the subscriptions of one workspace. A subscription knows its
// places, so that leaving costs the same however many there are.
type topic struct {
	members []*Subscription
	// whole are the members that want everything, keyed the others, by what the
	// conversations that they want have.
	whole []*Subscription
	keyed map[access.Key][]*Subscription
	// round numbers the items, so that who has several of an item's keys is told
	// once.
	round uint64
	// told is the number of the last item of the workspace; 0 before the first.
	told uint64
}

func newTopic() *topic { return &topic{keyed: map[access.Key][]*Subscription{}} }

func (t *topic) empty() bool { return len(t.members) == 0 }

// add takes s in, for everything when there are no keys.
func (t *topic) add(s *Subscription, keys []access.Key) {
	s.place = len(t.members)
	t.members = append(t.members, s)
	t.file(s, keys)
}

func (t *topic) remove(s *Subscription) {
	t.unfile(s)
	t.members = without(t.members, s.place, func(moved *Subscription) { moved.place = s.place })
}

func (t *topic) file(s *Subscription, keys []access.Key) {
	if len(keys) == 0 {
		s.wants, s.at = nil, len(t.whole)
		t.whole = append(t.whole, s)
		return
	}
	s.wants = make(map[access.Key]int, len(keys))
	for _, k := range keys {
		if _, twice := s.wants[k]; !twice {
			s.wants[k] = len(t.keyed[k])
			t.keyed[k] = append(t.keyed[k], s)
		}
	}
}

func (t *topic) unfile(s *Subscription) {
	if s.wants == nil {
		t.whole = without(t.whole, s.at, func(moved *Subscription) { moved.at = s.at })
		return
	}
	for k, at := range s.wants {
		t.keyed[k] = without(t.keyed[k], at, func(moved *Subscription) { moved.wants[k] = at })
		if len(t.keyed[k]) == 0 {
			delete(t.keyed, k)
		}
	}
}

// without takes out what is at a place and puts the last one there.
func without(all []*Subscription, at int, put func(moved *Subscription)) []*Subscription {
	last := len(all) - 1
	all[at] = all[last]
	put(all[at])
	all[last] = nil
	return all[:last]
}

// each visits all. It goes from the end, so that the one being visited may be
// removed: the one that takes its place was visited before.
func (t *topic) each(visit func(*Subscription)) { backwards(t.members, visit) }

// concerned visits those who want an event of a conversation, or of a member's star,
// for which one has to ask by its key. What is no such event concerns all.
func (t *topic) concerned(item *Item, visit func(*Subscription)) {
	switch {
	case item.Event.Type == inbox.StarEvent:
	case item.Event.After == nil:
		t.each(visit)
		return
	default:
		backwards(t.whole, visit)
	}
	if len(t.keyed) == 0 {
		return
	}
	t.round++
	for _, k := range access.EventKeys(item.Event) {
		backwards(t.keyed[k], func(s *Subscription) {
			if s.round != t.round {
				s.round = t.round
				visit(s)
			}
		})
	}
}

func backwards(all []*Subscription, visit func(*Subscription)) {
	for i := len(all) - 1; i >= 0; i-- {
		visit(all[i])
	}
}
