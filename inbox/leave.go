package inbox

// ReasonLeft is the reason of an event by which the assignee left.
const ReasonLeft = "LEFT"

// Leave is Unassign by the assignee: the conversation is up for grabs. B:L1.
func Leave(c Conversation, t Command) Move {
	t.Reason = ReasonLeft
	to := c.Nobody(t)
	to.Left = true
	return c.move(EventLeft, to, t)
}
