package inbox

// Unassign takes the assignee off and keeps the team. B:A6.
func Unassign(c Conversation, t Command) Move {
	return c.move(EventUnassigned, c.Nobody(t), t)
}
