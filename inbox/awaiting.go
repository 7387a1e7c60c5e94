package inbox

import "time"

// NotAwaiting is what a conversation that awaits no answer is sorted by under
// ByAwaitingReply: later than every other time, so that the conversation whose
// contact waits longest comes first.
func NotAwaiting() time.Time { return time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }

// Reply is what messages do to the wait for an answer.
type Reply int

// A contact's message begins the wait unless it has begun before, a public message
// of a person or an AI agent ends it, and notes and system messages do neither.
const (
	ReplyUnchanged Reply = iota
	ReplyAwaited
	ReplyGiven
)

// ReplyIn returns what the messages do together: the last one that does anything
// decides.
func ReplyIn(messages []Message) Reply {
	out := ReplyUnchanged
	for _, m := range messages {
		switch {
		case !m.Previews():
		case m.Author.Kind == ActorContact:
			out = ReplyAwaited
		default:
			out = ReplyGiven
		}
	}
	return out
}

// Past is what an event changes besides the ownership: those of the fields that
// views filter by, as they were before.
type Past struct {
	FormerAssignee                               MemberID
	LastActivityAt, ClosedAt, AwaitingReplySince time.Time
}

func (c Conversation) past() Past {
	return Past{FormerAssignee: c.FormerAssignee, LastActivityAt: c.LastActivityAt, ClosedAt: c.ClosedAt, AwaitingReplySince: c.AwaitingReplySince}
}

// follow sets what follows from the step that led from before to m.After, and notes
// in the event what it was.
func (m *Move) follow(before Conversation) {
	after, e := &m.After, &m.Event
	after.ClosedAt = e.closedAt(before, after.Status)
	after.AwaitingReplySince = e.awaiting(before, after.Status)
	if before.ID != "" {
		was := before.past()
		e.Was = &was
	}
}

func (e Event) closedAt(before Conversation, status Status) time.Time {
	switch {
	case status != Closed:
		return time.Time{}
	case before.Status == Closed:
		return before.ClosedAt
	}
	return e.At
}

func (e Event) awaiting(before Conversation, status Status) time.Time {
	reply := ReplyIn(e.Messages)
	switch {
	case status == Closed, reply == ReplyGiven:
		return time.Time{}
	case reply == ReplyAwaited && before.AwaitingReplySince.IsZero():
		return e.At
	}
	return before.AwaitingReplySince
}
