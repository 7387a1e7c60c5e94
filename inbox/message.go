package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Message is one thing said in a conversation.
type Message struct {
	ID           MessageID
	Workspace    workspace.WorkspaceID
	Conversation ConversationID
	Author       workspace.Actor
	Body         string
	// Shortened means that Body is only the beginning of the text, as Preview returns it.
	// Last messages of conversations may be so; stores give messages themselves whole.
	Shortened bool
	// Internal messages are never shown to the contact.
	Internal bool
	// ExternalID is the caller's own id, unique in the conversation when set.
	ExternalID string
	At         time.Time
	// Sequence numbers the messages of a conversation from 1, without gaps, in the
	// order of their commits. PublicSequence numbers those that are not internal in
	// the same way; 0 for an internal one. Stores assign both. They are 0 for a
	// message that was written before messages were numbered: it comes before all
	// that are.
	Sequence, PublicSequence int
	// DeliveredAt and ReadAt are when the channel, or the contact, said that the message
	// came to the contact and was read; zero until then. See Conversation.Received.
	DeliveredAt, ReadAt time.Time
}

// Number gives the messages the places that follow those of c, which they are
// written into, and returns c with them counted.
func (c Conversation) Number(messages []Message) Conversation {
	for i := range messages {
		m := &messages[i]
		c.MessageCount++
		m.Sequence, m.PublicSequence = c.MessageCount, 0
		if !m.Internal {
			c.PublicMessageCount++
			m.PublicSequence = c.PublicMessageCount
		}
	}
	return c
}

// MaxMessage is the longest body, in characters.
const MaxMessage = 10_000

// MaxSubject is the longest subject, in characters.
const MaxSubject = 200

// MaxNote is the longest note or reason, in characters.
const MaxNote = 2_000

// Previews reports whether the message may stand for its conversation in a list:
// notes and system messages do not. B:L2
func (m Message) Previews() bool { return !m.Internal && m.Author.Kind != workspace.ActorSystem }

// PageCursor is where m stands among the messages of its conversation.
func (m Message) PageCursor() PageCursor {
	return PageCursor{Sequence: m.Sequence, At: m.At, ID: string(m.ID)}
}
