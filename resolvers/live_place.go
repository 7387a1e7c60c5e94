package resolvers

import (
	"context"

	"switchboard/inbox"
	"switchboard/live"
)

// place is where in its queue a contact's conversation stood when the contact
// was last told. What others do in the queue only marks it; it is looked up with
// the next look at the rights, so that a busy queue costs each waiting contact
// one count a second at most. B:Q7, B:V8.
type place struct {
	told  int
	moved bool
}

// heard marks the place when e, of another conversation, may have moved mine: one
// that stood before it in the same queue has left or come.
func (p *place) heard(mine inbox.Conversation, e inbox.Event) {
	if e.Type != inbox.OwnershipEvent || !mine.Waiting() {
		return
	}
	old, existed := e.Before()
	p.moved = p.moved || ahead(*e.After, mine) != (existed && ahead(old, mine))
}

// ahead reports whether other waits before mine in the same queue.
func ahead(other, mine inbox.Conversation) bool {
	if !other.Waiting() || other.Team != mine.Team {
		return false
	}
	return other.WaitingSince.Before(mine.WaitingSince) || other.WaitingSince.Equal(mine.WaitingSince) && other.ID < mine.ID
}

// look is what is done once a second: the rights, and for a contact the place.
func (f *follower) look(ctx context.Context, s *scope, item *live.Item) (updates, bool, error) {
	out, more, err := f.rights(s, item)
	if !more || err != nil || !f.place.moved || !s.isContact() {
		return out, more, err
	}
	position, waits, err := s.service.Reader.QueuePosition(ctx, f.last)
	if err != nil {
		return nil, false, err
	}
	f.place.moved = false
	if !waits || position == f.place.told {
		return nil, true, nil
	}
	f.place.told = position
	return updates{f.update(s, item)}, true, nil
}
