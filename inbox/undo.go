package inbox

// Undo restores the ownership from before e, as a new event. B:K5.
func Undo(c Conversation, e Event, t Command) Move {
	return c.move(EventUndone, e.From, t)
}
