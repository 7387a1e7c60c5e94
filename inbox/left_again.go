package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// ReasonNotClaimed is the reason of an event by which the rules take over a
// released conversation that nobody claimed within rule leftWaits.
const ReasonNotClaimed = "NOT_CLAIMED"

// QueueAgain lets the rules assign a conversation that was up for grabs. It keeps
// its place in the queue, and the member who released it does not get it back.
// B:L1, B:Q8
func QueueAgain(c Conversation, t Command) Move {
	t.Reason = ReasonNotClaimed
	return c.move(EventQueued, c.queue(c.Team, t), t)
}

// grabsUntil is when the rules assign a conversation again that a person released
// at a time; zero if they never do.
func (t Command) grabsUntil(kind workspace.Kind) time.Time {
	if t.Rules.LeftWaits == 0 || t.Rules.Method == workspace.Voluntary || !t.Rules.Routes(kind) {
		return time.Time{}
	}
	return t.At.Add(t.Rules.LeftWaits)
}
