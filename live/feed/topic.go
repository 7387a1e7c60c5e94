package feed

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
)

// topic holds the subscriptions of one workspace. A subscription knows its
// places, so that leaving costs the same however many there are.
type topic struct {
	members []*Subscription
	// unfiltered are the members that want everything, keyed the others, by what the
	// conversations that they want have.
	unfiltered []*Subscription
	byFacet    map[access.Facet][]*Subscription
	// generation numbers the items, so that who has several of an item's keys is told
	// once.
	generation uint64
	// sequence is the number of the last item of the workspace, but for stars; 0 before
	// the first.
	sequence uint64
}

func newTopic() *topic { return &topic{byFacet: map[access.Facet][]*Subscription{}} }

func (t *topic) empty() bool { return len(t.members) == 0 }

// add takes s in, for everything when there are no keys.
func (t *topic) add(s *Subscription, keys []access.Facet) {
	s.index = len(t.members)
	t.members = append(t.members, s)
	t.addFacets(s, keys)
}

func (t *topic) remove(s *Subscription) {
	t.removeFacets(s)
	t.members = without(t.members, s.index, func(moved *Subscription) { moved.index = s.index })
}

func (t *topic) addFacets(s *Subscription, keys []access.Facet) {
	if len(keys) == 0 {
		s.facets, s.at = nil, len(t.unfiltered)
		t.unfiltered = append(t.unfiltered, s)
		return
	}
	s.facets = make(map[access.Facet]int, len(keys))
	for _, k := range keys {
		if _, twice := s.facets[k]; !twice {
			s.facets[k] = len(t.byFacet[k])
			t.byFacet[k] = append(t.byFacet[k], s)
		}
	}
}

func (t *topic) removeFacets(s *Subscription) {
	if s.facets == nil {
		t.unfiltered = without(t.unfiltered, s.at, func(moved *Subscription) { moved.at = s.at })
		return
	}
	for k, at := range s.facets {
		t.byFacet[k] = without(t.byFacet[k], at, func(moved *Subscription) { moved.facets[k] = at })
		if len(t.byFacet[k]) == 0 {
			delete(t.byFacet, k)
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
		backwards(t.unfiltered, visit)
	}
	if len(t.byFacet) == 0 {
		return
	}
	t.generation++
	for _, k := range access.EventFacets(item.Event) {
		backwards(t.byFacet[k], func(s *Subscription) {
			if s.generation != t.generation {
				s.generation = t.generation
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
