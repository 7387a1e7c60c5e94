package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// ReclaimCause is why the rules take a conversation back. It is the reason of the event.
// B:R1
type ReclaimCause string

// The causes.
const (
	// ReclaimUnanswered is an owner who did not answer the contact within rule
	// reclaimAfter.
	ReclaimUnanswered ReclaimCause = "UNANSWERED"
	// ReclaimOwnerOffline is an owner who is OFFLINE while the contact waits.
	ReclaimOwnerOffline ReclaimCause = "OWNER_OFFLINE"
)

// ReclaimCause is why the rules made e; empty for every other event.
func (e Event) ReclaimCause() ReclaimCause {
	if e.Kind == EventReclaimed || e.Kind == EventUnanswered {
		return ReclaimCause(e.Reason)
	}
	return ""
}

// Reclaim takes c from its owner and queues it with the age of the contact's wait, so
// that a contact who was not answered does not wait from the start again. The rules do
// not give it back to the same member. t carries the reason: only UNANSWERED counts
// towards rule reclaimLimit, as an owner who is OFFLINE left nothing unanswered. B:R1
func Reclaim(c Conversation, t Command) Move {
	to := c.queue(c.Team, t)
	to.WaitingSince, to.Left = c.waitedSince(t.At), true
	to.Reclaims, to.ReclaimsOf = c.Reclaimed(), to.WaitingSince
	if ReclaimCause(t.Reason) == ReclaimUnanswered {
		to.Reclaims++
	}
	return c.move(EventReclaimed, to, t)
}

// GiveBack gives c to the member who owned it when the rules took it back, and who
// answers the contact now: the contact sees one person. B:R1
func GiveBack(c Conversation, t Command) Move {
	return c.move(EventUndone, c.owner(t.By.Member(), t, false), t)
}

// TakenFrom reports whether the rules took c from the member, and nothing has changed its
// owner since.
func (c Conversation) TakenFrom(m workspace.MemberID) bool {
	waits := c.Waiting() && c.Left && c.WaitingSince.Equal(c.AwaitingReplySince) && c.ReclaimsOf.Equal(c.AwaitingReplySince)
	return waits && m != "" && c.FormerAssignee == m && c.Changed.By == workspace.System()
}

// ReportUnanswered changes no owner: it records that the contact still waits although
// the rules took the conversation back as often as they may, for the members who can
// do something about it. B:R1
func ReportUnanswered(c Conversation, t Command) Move {
	to := c.Ownership
	to.Reclaims, to.ReclaimsOf = c.Reclaimed()+1, c.AwaitingReplySince
	t.Reason = string(ReclaimUnanswered)
	return c.move(EventUnanswered, to, t)
}

// Reclaimed is how often the rules acted on the present wait of the contact.
func (c Conversation) Reclaimed() int {
	if c.AwaitingReplySince.IsZero() || !c.ReclaimsOf.Equal(c.AwaitingReplySince) {
		return 0
	}
	return c.Reclaims
}

// ReclaimAt is when the rules take c back unless its owner answers, at the earliest;
// zero when they never do. Past the limit, it is when they report it. B:R1
func (c Conversation) ReclaimAt(r workspace.Rules) time.Time {
	if !r.Reclaims(c.Kind) || c.CountsFor() == "" || c.AwaitingReplySince.IsZero() || c.Reclaimed() > r.ReclaimLimit {
		return time.Time{}
	}
	from := c.AwaitingReplySince
	if since := c.OwnerSince(); since.After(from) {
		from = since
	}
	return from.Add(r.ReclaimAfter)
}

// OwnerSince is when the present owner became it; zero when nobody owns c. Where that
// was not kept, it is the last change of ownership.
func (c Conversation) OwnerSince() time.Time {
	if c.Owned() && c.OwnedSince.IsZero() {
		return c.Changed.At
	}
	return c.OwnedSince
}

// waitedSince is since when the contact waits, or now when a message of this moment
// begins the wait.
func (c Conversation) waitedSince(now time.Time) time.Time {
	if c.AwaitingReplySince.IsZero() {
		return now
	}
	return c.AwaitingReplySince
}

// ownedSince is when the member who owns c after a step at a time became its owner, or
// has it back: who slept over a conversation has the whole time to answer.
func (c Conversation) ownedSince(to Ownership, at time.Time) time.Time {
	switch {
	case to.Assignee == "":
		return time.Time{}
	case to.Assignee == c.Assignee && c.Asleep() == to.Asleep(), to.Asleep():
		return c.OwnedSince
	}
	return at
}
