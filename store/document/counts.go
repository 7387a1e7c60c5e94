package document

import (
	"slices"

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

// CountsOf returns the counters of c as they are stored.
func CountsOf(c inbox.Conversation) countsDoc {
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

// Left is e as its commit records it, where the conversation was left as c.
func Left(e inbox.Event, c inbox.Conversation) inbox.Event {
	e.Messages = slices.Clone(e.Messages)
	before := inbox.Conversation{}.Number(e.Messages)
	inbox.Conversation{MessageCount: c.MessageCount - before.MessageCount, PublicMessageCount: c.PublicMessageCount - before.PublicMessageCount}.Number(e.Messages)
	if e.After == nil {
		return e
	}
	isLast := func(m inbox.Message) bool { return c.LastMessage != nil && c.LastMessage.ID == m.ID }
	if i := slices.IndexFunc(e.Messages, isLast); i >= 0 {
		whole := *c.LastMessage
		whole.Body, whole.Shortened = e.Messages[i].Body, false
		c.LastMessage = &whole
	}
	e.After = &c
	return e
}

// Complete sets the numbers of e that the conversation's stored counters decide.
func Complete(e, written inbox.Event) {
	copy(e.Messages, written.Messages)
	if e.After != nil && written.After != nil {
		*e.After = *written.After
	}
}
