package histcheck

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// contact is what the events say of the contact of one conversation: since when they
// await an answer, zero while they do not, and since when the owner is the owner.
type contact struct {
	waits, owned time.Time
	owner        workspace.MemberID
}

// answered checks that the rules take nothing back that was answered, nothing early, and
// that what they take keeps its age: all of it by the messages in commit order, not by
// what the conversation says of itself. B:R1
func (c *checker) answered(e inbox.Event) {
	if e.Conversation == "" || e.After == nil || e.Type != inbox.OwnershipEvent && e.Type != inbox.MessageEvent {
		return
	}
	before := c.contacts[e.Conversation]
	after := before.hears(e)
	c.contacts[e.Conversation] = after
	if !e.After.AwaitingReplySince.Equal(after.waits) {
		says := e.After.AwaitingReplySince
		c.fault(Answered, e, "it says that the contact waits since %v, and by the messages since %v", says, after.waits)
	}
	switch e.ReclaimCause() {
	case inbox.ReclaimUnanswered:
		c.unanswered(e, before)
	case inbox.ReclaimOwnerOffline:
		c.keptAge(e, after)
	}
}

// hears is k after e, whose messages begin a wait or end one.
func (k contact) hears(e inbox.Event) contact {
	reply := inbox.ReplyIn(e.Messages)
	switch {
	case reply == inbox.ReplyGiven, e.Type == inbox.OwnershipEvent && e.To.Status == inbox.Closed:
		k.waits = time.Time{}
	// Two messages of the contact may be committed in the other order than they were
	// stamped: the wait began with the earlier one.
	case reply == inbox.ReplyAwaited && (k.waits.IsZero() || e.Type == inbox.MessageEvent && e.At.Before(k.waits)):
		k.waits = e.At
	}
	if owner := e.To.Assignee; e.Type == inbox.OwnershipEvent && owner != k.owner {
		k.owner, k.owned = owner, e.At
	}
	return k
}

// unanswered checks what the rules took for want of an answer, or reported.
func (c *checker) unanswered(e inbox.Event, before contact) {
	if before.waits.IsZero() {
		c.fault(Answered, e, "it was taken as unanswered from %q, and was answered before", e.From.Assignee)
		return
	}
	from := before.waits
	if before.owned.After(from) {
		from = before.owned
	}
	if had, after := e.At.Sub(from), c.directory.Workspace.Rules.ReclaimAfter; had < after {
		c.fault(Early, e, "it was taken from %q after %v of the %v that the rule allows", e.From.Assignee, had, after)
	}
	c.keptAge(e, before)
}

// keptAge checks that who was not answered waits from the beginning of the wait.
func (c *checker) keptAge(e inbox.Event, k contact) {
	if e.Kind == inbox.EventReclaimed && !e.To.WaitingSince.Equal(k.waits) {
		c.fault(Answered, e, "it waits since %v, and its contact since %v", e.To.WaitingSince, k.waits)
	}
}

// placed checks that exactly one is to answer next: an owner, a place in a queue, or the
// AI agent. What is closed may have none.
func (c *checker) placed(e inbox.Event) {
	if e.Type != inbox.OwnershipEvent || e.After == nil || e.To.Status == inbox.Closed {
		return
	}
	queued := !e.To.WaitingSince.IsZero()
	if handler := e.After.HandlerOf(e.To); (handler == inbox.HandledByQueue) != queued {
		o := e.To
		c.fault(Place, e, "%s is to answer, its owner is %q, and it is in a queue since %v", handler, o.Assignee, o.WaitingSince)
	}
}
