package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// ReasonIdle is the reason of an event by which the system closed a chat in which
// nothing happened for long. B:C6
const ReasonIdle = "IDLE"

// Close closes c. A chat goes where the rule says, by default back to the AI
// agent it came from; without one, and for tickets, the assignee is kept.
// B:C1, B:C2.
func Close(c Conversation, t Command) Move {
	to := c.Ownership
	to.Status, to.WaitingSince, to.Left, to.UpForGrabs = Closed, time.Time{}, false, false
	if c.Kind == workspace.Livechat {
		to = c.closedChat(to, t.Rules.OnCloseChat)
	}
	return c.move(EventClosed, to, t)
}

func (c Conversation) closedChat(o Ownership, rule workspace.OnCloseChat) Ownership {
	switch rule {
	case workspace.ReturnToOriginAI:
		if c.OriginAgent != "" {
			o = c.withAgent()
			o.Status = Closed
		}
	case workspace.UnassignWhenClose:
		o.Assignee, o.Automatic, o.AIStopped = "", false, true
	case workspace.KeepAssignee:
	}
	return o
}
