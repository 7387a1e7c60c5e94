package inbox

// ReturnToAgent gives a chat back to the AI agent that it came from, without
// closing it. The epoch moves although a queue may have had the chat, so that
// nobody answers for the time before. B:C7, B:O8
func ReturnToAgent(c Conversation, t Command) Move {
	m := c.move(EventReturnedToAI, c.withAgent(), t)
	m.After.Epoch = c.Epoch + 1
	m.Event.Epoch = m.After.Epoch
	return m
}

// withAgent is the ownership while the AI agent of c answers and nobody owns or
// waits, as it was before any person came.
func (c Conversation) withAgent() Ownership {
	return Ownership{Status: c.Status}
}
