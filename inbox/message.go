package inbox

import "time"

// Message is one thing said in a conversation.
type Message struct {
	ID           MessageID
	Workspace    WorkspaceID
	Conversation ConversationID
	Author       Actor
	Body         string
	// Internal messages are never shown to the contact.
	Internal bool
	// ExternalID is the caller's own id, unique in the conversation when set.
	ExternalID string
	At         time.Time
}

// MaxMessage is the longest body, in characters.
const MaxMessage = 10_000

// MaxSubject is the longest subject, in characters.
const MaxSubject = 200

// MaxNote is the longest note or reason, in characters.
const MaxNote = 2_000

// Previews reports whether the message may stand for its conversation in a list:
// notes and system messages do not. B:L2
func (m Message) Previews() bool { return !m.Internal && m.Author.Kind != ActorSystem }
