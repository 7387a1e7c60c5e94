package inbox

// Claim makes the actor the assignee of an unassigned conversation. B:A4.
func Claim(c Conversation, t Command) Move {
	return c.move(EventClaimed, c.owner(t.By.Member(), t, false), t)
}
