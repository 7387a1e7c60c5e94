package inbox

// SetStatus sets OPEN or UNSET and never touches the assignee. What comes back
// from CLOSED without an owner and without an AI agent waits again. B:C3.
func SetStatus(c Conversation, status Status, t Turn) Move {
	to := c.Ownership
	to.Status = status
	kind := EventStatusChanged
	if c.Status == Closed {
		kind = EventReopened
		if c.HandlerOf(to) == HandledByQueue {
			to.WaitingSince = t.At
		}
	}
	return c.move(kind, to, t)
}

// Reopen opens a closed conversation for a reply by the actor. It lands with
// chosen, or in its queue when chosen is empty; what nobody but an AI agent
// ever had stays with the agent, and what the agent itself reopens. B:C4.
func Reopen(c Conversation, chosen MemberID, automatic bool, t Turn) Move {
	to := c.Ownership
	switch {
	case chosen != "":
		to = c.owner(chosen, t, automatic)
	case c.goesOnWithAgent(t.By):
	case c.FormerAssignee != "" || c.HandlerOf(to) != HandledByAI:
		to = c.queue(c.Team, t)
	}
	to.Status = Open
	return c.move(EventReopened, to, t)
}

// goesOnWithAgent reports whether it is its AI agent that reopens a chat which
// was given back to it: its flow goes on where it handed off.
func (c Conversation) goesOnWithAgent(by Actor) bool {
	return by.Kind == ActorAgent && c.Handler() == HandledByAI
}
