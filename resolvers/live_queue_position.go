package resolvers

import (
	"context"

	"switchboard/inbox"
	"switchboard/live"
)

// queuePositionState is where in its queue a contact's conversation stood when the contact
// was last told. What others do in the queue only marks it; it is looked up with
// the next look at the rights, so that a busy queue costs each waiting contact
// one count a second at most. B:Q7, B:V8.
type queuePositionState struct {
	sent  int
	stale bool
}

// observe marks the place when e, of another conversation, may have moved mine: one
// that stood before it in the same queue has left or come.
func (p *queuePositionState) observe(mine inbox.Conversation, e inbox.Event) {
	if e.Type != inbox.OwnershipEvent || !mine.Waiting() {
		return
	}
	old, existed := e.Before()
	p.stale = p.stale || waitsBefore(*e.After, mine) != (existed && waitsBefore(old, mine))
}

// waitsBefore reports whether other waits before mine in the same queue.
func waitsBefore(other, mine inbox.Conversation) bool {
	if !other.Waiting() || other.Team != mine.Team {
		return false
	}
	return other.WaitingSince.Before(mine.WaitingSince) || other.WaitingSince.Equal(mine.WaitingSince) && other.ID < mine.ID
}

// look is what is done once a second: the rights, and for a contact the place.
func (f *follower) look(ctx context.Context, s *scope, item *live.Item) (updates, bool, error) {
	out, more, err := f.rights(s, item)
	if !more || err != nil || !f.queuePosition.stale || !s.isContact() {
		return out, more, err
	}
	position, waits, err := s.service.Reader.QueuePosition(ctx, f.last)
	if err != nil {
		return nil, false, err
	}
	f.queuePosition.stale = false
	if !waits || position == f.queuePosition.sent {
		return nil, true, nil
	}
	f.queuePosition.sent = position
	return updates{f.update(s, item)}, true, nil
}
