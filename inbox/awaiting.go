package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// NotAwaiting is the sort key under ByAwaitingReply of conversations that await no
// answer: later than every other time, so that the conversation whose contact waits
// longest comes first.
func NotAwaiting() time.Time { return time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }

// Reply is the effect of messages on the wait for an answer.
type Reply int

// A contact's message begins the wait unless it has begun before, a public message
// of a person or an AI agent ends it, and notes and system messages do neither.
const (
	ReplyUnchanged Reply = iota
	ReplyAwaited
	ReplyGiven
)

// ReplyIn returns the joint effect of the messages: that of the last one that has
// any.
func ReplyIn(messages []Message) Reply {
	out := ReplyUnchanged
	for _, m := range messages {
		switch {
		case !m.Previews():
		case m.Author.Kind == workspace.ActorContact:
			out = ReplyAwaited
		default:
			out = ReplyGiven
		}
	}
	return out
}

// Past holds the earlier values of fields other than the ownership that an event
// changes: those that views filter by.
type Past struct {
	FormerAssignee                               workspace.MemberID
	LastActivityAt, ClosedAt, AwaitingReplySince time.Time
	Offer                                        Offer
}

func (c Conversation) past() Past {
	return Past{FormerAssignee: c.FormerAssignee, LastActivityAt: c.LastActivityAt, ClosedAt: c.ClosedAt, AwaitingReplySince: c.AwaitingReplySince, Offer: c.Offer}
}

// Follow sets the fields that follow from the step from before to m.After, and
// records their earlier values in the event.
func (m *Move) Follow(before Conversation) {
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
