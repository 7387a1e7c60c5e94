package follow

import (
	"context"
	"time"

	"switchboard/inbox"
)

// queuePosition is where in its queue a contact's conversation was when that was last
// delivered. What others do in the queue only marks it; it is read a second later, so
// that a busy queue costs each waiting contact one count a second at most. B:Q7, B:V8.
type queuePosition struct {
	sent  int
	stale bool
}

// observe marks the position when e, of another conversation, may have moved mine: one
// that stood before it in the same queue has left or come.
func (p *queuePosition) observe(mine inbox.Conversation, e inbox.Event) {
	if e.Type != inbox.OwnershipEvent || !mine.Waiting() {
		return
	}
	old, existed := e.Before()
	p.stale = p.stale || waitsBefore(*e.After, mine) != (existed && waitsBefore(old, mine))
}

// positionDelay is how much later a position is read than it may have changed.
const positionDelay = time.Second

// waitsBefore reports whether other waits before mine in the same queue.
func waitsBefore(other, mine inbox.Conversation) bool {
	if !other.Waiting() || other.Team != mine.Team {
		return false
	}
	return other.WaitingSince.Before(mine.WaitingSince) || other.WaitingSince.Equal(mine.WaitingSince) && other.ID < mine.ID
}

// look is what is done without an event: the rights, and for a contact the position.
func (c *conversation) look(ctx context.Context, e inbox.Event) error {
	if err := c.checkRights(e); err != nil || !c.queue.stale || !isContact(c.access) {
		return err
	}
	position, waits, err := c.Reader.QueuePosition(ctx, c.last)
	if err != nil {
		return err
	}
	c.queue.stale = false
	if waits && position != c.queue.sent {
		c.queue.sent = position
		c.push(c.update())
	}
	return nil
}
