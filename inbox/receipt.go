package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// ReceiptMarks say how far the messages of a conversation came to its contact: up to which
// sequence they were delivered, and read. Each only grows. They are not the read marks of
// members, which are about notifications.
type ReceiptMarks struct {
	DeliveredTo, ReadTo int
}

// Receipt is what a ReceiptEvent records: every message to the contact up to this one was
// delivered, and read where Read is true.
type Receipt struct {
	Message                  MessageID
	Sequence, PublicSequence int
	Read                     bool
	// From are the marks before.
	From ReceiptMarks
}

// ReceiptsKept is how long a receipt can be delivered to a client that was away: as long as
// a cursor. The messages keep what it says.
const ReceiptsKept = 14 * 24 * time.Hour

// ToContact reports whether the contact of its conversation receives the message: it is no
// note, and not the contact's own.
func (m Message) ToContact() bool { return !m.Internal && m.Author.Kind != workspace.ActorContact }

// Received returns the effect of a receipt for every message of c up to m, and is not ok if
// it says nothing new. It changes the marks, and the last message if that is among them.
func (c Conversation) Received(m Message, read bool, t Command) (move Move, ok bool) {
	r := Receipt{Message: m.ID, Sequence: m.Sequence, PublicSequence: m.PublicSequence, Read: read, From: c.Receipts}
	after := c
	after.Receipts.DeliveredTo = max(c.Receipts.DeliveredTo, m.Sequence)
	if read {
		after.Receipts.ReadTo = max(c.Receipts.ReadTo, m.Sequence)
	}
	if last := c.LastMessage; last != nil && last.ID != "" {
		marked := r.On(*last, t.At)
		after.LastMessage = &marked
	}
	return Move{After: after, Event: Event{
		Workspace: c.Workspace, Type: ReceiptEvent, Conversation: c.ID, Actor: t.By, From: c.Ownership, To: c.Ownership,
		Version: c.Version, Epoch: c.Epoch, At: t.At, Receipt: &r,
	}}, after.Receipts != c.Receipts
}

// On returns m with what the receipt of that time says of it. What an earlier one said
// stays.
func (r Receipt) On(m Message, at time.Time) Message {
	if !m.ToContact() || m.Sequence > r.Sequence || m.Sequence == 0 {
		return m
	}
	if m.DeliveredAt.IsZero() {
		m.DeliveredAt = at
	}
	if r.Read && m.ReadAt.IsZero() {
		m.ReadAt = at
	}
	return m
}

// Delivers and Reads return the range of sequences, without its first, that the receipt
// is the first to say something of; empty if both are equal.
func (r Receipt) Delivers() (behind, to int) {
	return r.From.DeliveredTo, max(r.From.DeliveredTo, r.Sequence)
}

// Reads is described with Delivers.
func (r Receipt) Reads() (behind, to int) {
	if !r.Read {
		return r.From.ReadTo, r.From.ReadTo
	}
	return r.From.ReadTo, max(r.From.ReadTo, r.Sequence)
}

// ShowsInLists reports whether e is a receipt that changes what lists show of its
// conversation, which is the last message; true for other events.
func (e Event) ShowsInLists() bool {
	if e.Receipt == nil || e.After == nil {
		return true
	}
	last := e.After.LastMessage
	return last != nil && last.ToContact() && last.Sequence <= e.Receipt.Sequence
}
