package inbox

// SetStatus sets OPEN or UNSET on a conversation that is not closed. It never
// changes the assignee. Reopen opens closed ones. B:C3.
func SetStatus(c Conversation, status Status, t Command) Move {
	to := c.Ownership
	to.Status = status
	return c.move(EventStatusChanged, to, t)
}
