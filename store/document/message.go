package document

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Message is a message, as its conversation, its events and its own document hold it.
type Message struct {
	ID           inbox.MessageID       `bson:"_id"`
	Workspace    workspace.WorkspaceID `bson:"workspace"`
	Conversation inbox.ConversationID  `bson:"conversation"`
	Author       actorDoc              `bson:"author"`
	Body         string                `bson:"body"`
	Shortened    bool                  `bson:"shortened,omitempty"` // body is a preview
	Internal     bool                  `bson:"internal"`
	ExternalID   string                `bson:"externalId,omitempty"` // omitted so that the unique index skips it
	At           time.Time             `bson:"at"`
	Sequence     int                   `bson:"sequence,omitempty"` // none in messages of before they were numbered
	Public       int                   `bson:"publicSequence,omitempty"`
	DeliveredAt  time.Time             `bson:"deliveredAt,omitempty"`
	ReadAt       time.Time             `bson:"readAt,omitempty"`
}

// Record is the kind of a document in the collection events.
type Record string

const (
	// EventRecord is an event.
	EventRecord Record = "event"
	// MessageRecord is a message, which its event's commit wrote.
	MessageRecord Record = "message"
	// ContactRecord is a change of a contact, which no feed gives. Its conversations
	// have events of their own.
	ContactRecord Record = "contact"
	// HeartbeatRecord marks heartbeats, which no feed delivers as events.
	HeartbeatRecord Record = "heartbeat"
)

// MessageEntry is a message as a document of its own.
type MessageEntry struct {
	Record  Record  `bson:"record"`
	Long    bool    `bson:"long,omitempty"` // its event holds a preview
	Message Message `bson:",inline"`
}

// EntryOf is the document of its own that m has.
func EntryOf(m inbox.Message) MessageEntry {
	d := OfMessage(m)
	return MessageEntry{Record: MessageRecord, Long: d.Preview().Shortened, Message: d}
}

// OfMessage is the document of m.
func OfMessage(m inbox.Message) Message {
	return Message{
		ID: m.ID, Workspace: m.Workspace, Conversation: m.Conversation, Author: actorDoc(m.Author),
		Body: m.Body, Shortened: m.Shortened,
		Internal: m.Internal, ExternalID: m.ExternalID, At: m.At, Sequence: m.Sequence, Public: m.PublicSequence,
		DeliveredAt: m.DeliveredAt, ReadAt: m.ReadAt,
	}
}

func messageToDocPtr(m *inbox.Message) *Message {
	if m == nil {
		return nil
	}
	d := OfMessage(*m)
	return &d
}

// Message is the message of the document.
func (d Message) Message() inbox.Message {
	return inbox.Message{
		ID: d.ID, Workspace: d.Workspace, Conversation: d.Conversation, Author: workspace.Actor(d.Author),
		Body: d.Body, Shortened: d.Shortened,
		Internal: d.Internal, ExternalID: d.ExternalID, At: d.At, Sequence: d.Sequence, PublicSequence: d.Public,
		DeliveredAt: d.DeliveredAt, ReadAt: d.ReadAt,
	}
}

// LastPublic is the last message that may stand for the conversation; nil when
// there is none.
func LastPublic(messages []inbox.Message) *inbox.Message {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Previews() {
			return &messages[i]
		}
	}
	return nil
}

// Position is where the message stands in its conversation: by sequence first.
func (d Message) Position(string) inbox.PageCursor {
	return inbox.PageCursor{Sequence: d.Sequence, At: d.At, ID: string(d.ID)}
}
