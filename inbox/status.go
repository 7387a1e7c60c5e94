package inbox

// SetStatus sets OPEN or UNSET on what is not closed. It never touches the
// assignee. What is closed is opened by Reopen. B:C3.
func SetStatus(c Conversation, status Status, t Turn) Move {
	to := c.Ownership
	to.Status = status
	return c.move(EventStatusChanged, to, t)
}
