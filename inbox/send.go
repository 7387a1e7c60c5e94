package inbox

import "fmt"

// Send returns the effect of a message on a conversation: only its activity. The
// version stays, so that a message never makes a claim stale.
func Send(c Conversation, m Message, t Turn) Move {
	after := c
	after.LastActivityAt = t.At
	return Move{After: after, Event: Event{
		Workspace: c.Workspace, Type: MessageEvent, Conversation: c.ID, Actor: t.By, From: c.Ownership, To: c.Ownership,
		Version: c.Version, Epoch: c.Epoch, At: t.At, Messages: []Message{m},
	}}
}

// checkEpoch refuses an AI agent that speaks about an ownership that is over,
// so that no late answer follows a takeover. Others need no epoch. B:H3.
func checkEpoch(c Conversation, by Actor, epoch *int) error {
	switch {
	case by.Kind != ActorAgent:
		return nil
	case epoch == nil:
		return Invalid("epoch", "An AI agent must name the epoch that it answers in. The current one is %d.", c.Epoch)
	case *epoch != c.Epoch:
		return &Error{
			Code: StaleEpoch, Epoch: c.Epoch,
			Message: fmt.Sprintf("The owner changed since epoch %d; it is %d now. Drop the answer and read the conversation again.", *epoch, c.Epoch),
		}
	}
	return nil
}
