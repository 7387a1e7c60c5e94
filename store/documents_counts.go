package store

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"switchboard/inbox"
)

// countsDoc holds the counters that every write of a conversation moves. Documents
// of earlier versions have none, which reads as 0. The sequence of the last message
// is not stored: the update that writes it does not know how many messages there
// are. It follows from how many were written since, which an update does know.
type countsDoc struct {
	Revision    int `bson:"revision,omitempty"`
	Said        int `bson:"said,omitempty"`
	Public      int `bson:"saidPublicly,omitempty"`
	Since       int `bson:"saidSince,omitempty"` // messages behind lastMessage
	PublicSince int `bson:"saidPubliclySince,omitempty"`
}

func countsOf(c inbox.Conversation) countsDoc {
	d := countsDoc{Revision: c.Revision, Said: c.MessageCount, Public: c.PublicMessageCount, Since: c.MessageCount, PublicSince: c.PublicMessageCount}
	if m := c.LastMessage; m != nil {
		d.Since, d.PublicSince = c.MessageCount-m.Sequence, c.PublicMessageCount-m.PublicSequence
	}
	return d
}

// numbered is the last message with its sequences.
func (d countsDoc) numbered(last inbox.Message) inbox.Message {
	last.Sequence, last.PublicSequence = d.Said-d.Since, d.Public-d.PublicSince
	return last
}

// counting returns the changes to the counters for an update that writes messages
// into a conversation: fields to increment, and fields to set.
func counting(messages []inbox.Message) (inc, set bson.D) {
	inc = bson.D{{Key: "revision", Value: 1}}
	if len(messages) == 0 {
		return inc, nil
	}
	written := slices.Clone(messages)
	after := inbox.Conversation{}.Number(written)
	after.LastMessage = lastPublic(written)
	n := countsOf(after)
	inc = append(inc, bson.E{Key: "said", Value: n.Said}, bson.E{Key: "saidPublicly", Value: n.Public})
	behind := bson.D{{Key: "saidSince", Value: n.Since}, {Key: "saidPubliclySince", Value: n.PublicSince}}
	if after.LastMessage == nil {
		return append(inc, behind...), nil
	}
	return inc, behind
}

// left is e as its commit records it, where the conversation was left as c.
func left(e inbox.Event, c inbox.Conversation) inbox.Event {
	e.Messages = slices.Clone(e.Messages)
	before := inbox.Conversation{}.Number(e.Messages)
	inbox.Conversation{MessageCount: c.MessageCount - before.MessageCount, PublicMessageCount: c.PublicMessageCount - before.PublicMessageCount}.Number(e.Messages)
	if e.After != nil {
		e.After = &c
	}
	return e
}

// complete sets the numbers of e that the conversation's stored counters decide.
func complete(e, written inbox.Event) {
	copy(e.Messages, written.Messages)
	if e.After != nil && written.After != nil {
		*e.After = *written.After
	}
}
