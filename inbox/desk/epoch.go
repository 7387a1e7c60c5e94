package desk

import (
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// checkEpoch refuses an AI agent that speaks about an ownership that is over,
// so that no late answer follows a takeover. Others need no epoch. B:H3.
func checkEpoch(c inbox.Conversation, by workspace.Actor, epoch *int) error {
	switch {
	case by.Kind != workspace.ActorAgent:
		return nil
	case epoch == nil:
		return inbox.Invalid("epoch", "An AI agent must name the epoch that it answers in. The current one is %d.", c.Epoch)
	case *epoch != c.Epoch:
		return &inbox.Error{
			Code: inbox.StaleEpoch, Epoch: c.Epoch,
			Message: fmt.Sprintf("The owner changed since epoch %d; it is %d now. Drop the answer and read the conversation again.", *epoch, c.Epoch),
		}
	}
	return nil
}
