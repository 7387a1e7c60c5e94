package inbox

// TakeOver makes the actor the assignee of another member's conversation. On an
// unassigned one it is a claim. B:K1, B:K3.
func TakeOver(c Conversation, t Command) Move {
	if !c.Owned() {
		return Claim(c, t)
	}
	return c.move(EventTakenOver, c.owner(t.By.Member(), t, false), t)
}
