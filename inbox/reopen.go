package inbox

import "switchboard/inbox/workspace"

// Answerer is the party that answers a conversation from now on: the AI agent that
// it came from, a member, or any member who takes it out of its queue if neither is
// set.
type Answerer struct {
	Agent  bool
	Member workspace.MemberID
	// Automatic says that the rules chose the member.
	Automatic bool
}

// Reopen opens a closed conversation, for each way of reopening: a new status, a
// member's reply, or a message of the contact. B:C3, B:C4.
func Reopen(c Conversation, by Answerer, status Status, t Command) Move {
	var to Ownership
	switch {
	case by.Member != "":
		to = c.owner(by.Member, t, by.Automatic)
	case by.Agent:
		to = c.withAgent()
	default:
		to = c.queue(c.Team, t)
	}
	to.Status = status
	m := c.move(EventReopened, to, t)
	m.After.OpenedIn = m.After.Version
	return m
}

// Episode is the version in which c was opened last, or would be if it were opened
// now. It distinguishes the same text, sent again after a closing, from a repeated
// request.
func (c Conversation) Episode() int {
	if c.Status == Closed {
		return c.Version + 1
	}
	return max(1, c.OpenedIn)
}

// GoesOnWithAgent reports whether it is its AI agent that reopens a chat which
// was given back to it: its flow goes on where it handed off.
func (c Conversation) GoesOnWithAgent(by workspace.Actor) bool {
	return by.Kind == workspace.ActorAgent && c.Handler() == HandledByAI
}
