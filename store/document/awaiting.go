package document

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
)

// BeginsWait returns since when the contact awaits an answer by the messages of c alone;
// zero if they begin no wait. What the conversation said when c was decided does not count:
// an answer may have been committed since, and has ended that wait. B:R1
func BeginsWait(c commit.Change) time.Time {
	awaited := c.Event.Type == inbox.MessageEvent && inbox.ReplyIn(c.Event.Messages) == inbox.ReplyAwaited
	if !awaited || c.Conversation.AwaitingReplySince.IsZero() {
		return time.Time{}
	}
	return c.Event.At
}
