package inbox

// Send returns the effect of a message on a conversation: only its activity. The
// version stays, so that a message never makes a claim stale.
func Send(c Conversation, m Message, t Command) Move {
	after := c
	after.LastActivityAt = t.At
	return Move{After: after, Event: Event{
		Workspace: c.Workspace, Type: MessageEvent, Conversation: c.ID, Actor: t.By, From: c.Ownership, To: c.Ownership,
		Version: c.Version, Epoch: c.Epoch, At: t.At, Messages: []Message{m},
	}}
}
