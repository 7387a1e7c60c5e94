package store

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

type messageDoc struct {
	ID           inbox.MessageID       `bson:"_id"`
	Workspace    workspace.WorkspaceID `bson:"workspace"`
	Conversation inbox.ConversationID  `bson:"conversation"`
	Author       actorDoc              `bson:"author"`
	Body         string                `bson:"body"`
	Internal     bool                  `bson:"internal"`
	ExternalID   string                `bson:"externalId,omitempty"` // omitted so that the unique index skips it
	At           time.Time             `bson:"at"`
	Sequence     int                   `bson:"sequence,omitempty"` // none in messages of before they were numbered
	Public       int                   `bson:"publicSequence,omitempty"`
}

// record is the kind of a document in the collection events.
type record string

const (
	eventRecord   record = "event"
	messageRecord record = "message"
	// contactRecord is a change of a contact, which no feed gives. Its conversations
	// have events of their own.
	contactRecord record = "contact"
	// heartbeatRecord marks heartbeats, which no feed delivers as events.
	heartbeatRecord record = "heartbeat"
)

// messageEntry is a message as a document of its own.
type messageEntry struct {
	Record  record     `bson:"record"`
	Message messageDoc `bson:",inline"`
}

func messageToDoc(m inbox.Message) messageDoc {
	return messageDoc{
		ID: m.ID, Workspace: m.Workspace, Conversation: m.Conversation, Author: actorDoc(m.Author),
		Body: m.Body, Internal: m.Internal, ExternalID: m.ExternalID, At: m.At, Sequence: m.Sequence, Public: m.PublicSequence,
	}
}

func messageToDocPtr(m *inbox.Message) *messageDoc {
	if m == nil {
		return nil
	}
	d := messageToDoc(*m)
	return &d
}

func (d messageDoc) message() inbox.Message {
	return inbox.Message{
		ID: d.ID, Workspace: d.Workspace, Conversation: d.Conversation, Author: workspace.Actor(d.Author),
		Body: d.Body, Internal: d.Internal, ExternalID: d.ExternalID, At: d.At, Sequence: d.Sequence, PublicSequence: d.Public,
	}
}
