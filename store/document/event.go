package document

import (
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// Event is an event with all that it changed.
type Event struct {
	ID           inbox.EventID          `bson:"_id"`
	Record       Record                 `bson:"record"`
	Workspace    workspace.WorkspaceID  `bson:"workspace"`
	Type         inbox.EventType        `bson:"type"`
	Kind         inbox.EventKind        `bson:"kind"`
	Conversation inbox.ConversationID   `bson:"conversation"`
	Actor        actorDoc               `bson:"actor"`
	From         Ownership              `bson:"from"`
	To           Ownership              `bson:"to"`
	Was          *pastDoc               `bson:"was,omitempty"`
	Reason       string                 `bson:"reason,omitempty"`
	Note         string                 `bson:"note,omitempty"`
	ReasonCode   workspace.ReasonCodeID `bson:"reasonCode,omitempty"`
	Version      int                    `bson:"version"`
	Epoch        int                    `bson:"epoch"`
	At           time.Time              `bson:"at"`
	After        *ConversationState     `bson:"after,omitempty"`
	AfterLast    inbox.MessageID        `bson:"afterLast,omitempty"` // the message that after leaves out
	Messages     []Message              `bson:"messages,omitempty"`
	Settles      workspace.MemberID     `bson:"settles,omitempty"`
	Warnings     []inbox.Warning        `bson:"warnings,omitempty"`
	Key          *keyDoc                `bson:"key,omitempty"` // omitted so that the unique index skips it
	Directory    *directoryChangeDoc    `bson:"directory,omitempty"`
	Receipt      *receiptDoc            `bson:"receipt,omitempty"`
	Contact      inbox.ContactID        `bson:"contact,omitempty"`
	WasContact   *contactCopyDoc        `bson:"wasContact,omitempty"`
	Bulk         inbox.BulkID           `bson:"bulk,omitempty"`
	Trace        string                 `bson:"trace,omitempty"`
	Expires      *time.Time             `bson:"expires,omitempty"` // an event that no list returns
}

// contactCopyDoc has the fields of inbox.ContactCopy.
type contactCopyDoc struct {
	Contact      inbox.ContactID `bson:"contact"`
	Name         string          `bson:"name"`
	Email        string          `bson:"email"`
	Phone        string          `bson:"phone"`
	CopyRevision int             `bson:"face"`
}

// pastDoc has the fields of inbox.Past.
type pastDoc struct {
	FormerAssignee     workspace.MemberID `bson:"formerAssignee"`
	LastActivityAt     time.Time          `bson:"lastActivityAt"`
	ClosedAt           time.Time          `bson:"closedAt"`
	AwaitingReplySince time.Time          `bson:"awaitingReplySince"`
	Offer              *offerState        `bson:"offer,omitempty"`
}

func pastToDoc(p *inbox.Past) *pastDoc {
	if p == nil {
		return nil
	}
	return &pastDoc{p.FormerAssignee, p.LastActivityAt, p.ClosedAt, p.AwaitingReplySince, offerToState(p.Offer)}
}

func (d *pastDoc) past() *inbox.Past {
	if d == nil {
		return nil
	}
	return &inbox.Past{FormerAssignee: d.FormerAssignee, LastActivityAt: d.LastActivityAt, ClosedAt: d.ClosedAt, AwaitingReplySince: d.AwaitingReplySince, Offer: d.Offer.offer()}
}

// receiptDoc is a receipt: see inbox.Receipt.
type receiptDoc struct {
	Message  inbox.MessageID `bson:"message"`
	Sequence int             `bson:"sequence"`
	Public   int             `bson:"publicSequence"`
	Read     bool            `bson:"read,omitempty"`
	From     marksDoc        `bson:"from"`
}

// marksDoc has the fields of inbox.ReceiptMarks.
type marksDoc struct {
	DeliveredTo int `bson:"deliveredTo"`
	ReadTo      int `bson:"readTo"`
}

func receiptToDoc(r *inbox.Receipt) *receiptDoc {
	if r == nil {
		return nil
	}
	return &receiptDoc{r.Message, r.Sequence, r.PublicSequence, r.Read, marksDoc(r.From)}
}

func (d *receiptDoc) receipt() *inbox.Receipt {
	if d == nil {
		return nil
	}
	return &inbox.Receipt{Message: d.Message, Sequence: d.Sequence, PublicSequence: d.Public, Read: d.Read, From: inbox.ReceiptMarks(d.From)}
}

type keyDoc struct {
	Actor   actorDoc `bson:"actor"`
	Key     string   `bson:"key"`
	Request string   `bson:"request"`
}

// OfEvent is the document of e.
func OfEvent(e inbox.Event) Event {
	d := Event{
		ID: e.ID, Record: EventRecord, Workspace: e.Workspace, Type: e.Type, Kind: e.Kind, Conversation: e.Conversation,
		Actor: actorDoc(e.Actor), From: Ownership(e.From), To: Ownership(e.To), Reason: e.Reason, Note: e.Note, ReasonCode: e.ReasonCode,
		Version: e.Version, Epoch: e.Epoch, At: e.At, Settles: e.Settles, Warnings: e.Warnings, Directory: directoryChangeToDoc(e.Directory),
		Contact: e.Contact, WasContact: (*contactCopyDoc)(e.WasContact), Bulk: e.Bulk, Receipt: receiptToDoc(e.Receipt), Trace: e.Trace,
	}
	d.Was = pastToDoc(e.Was)
	d.Expires = expiryOf(e)
	if e.After != nil {
		after := StateOf(*e.After)
		d.After = &after
	}
	for _, m := range e.Messages {
		d.Messages = append(d.Messages, OfMessage(m))
	}
	if e.Key.Key != "" {
		d.Key = &keyDoc{Actor: actorDoc(e.Key.Actor), Key: e.Key.Key, Request: e.Key.Request}
	}
	return d
}

// expiryOf is when an event that no list returns is removed; nil for others.
func expiryOf(e inbox.Event) *time.Time {
	switch e.Type {
	case inbox.StarEvent:
		return new(e.At.Add(shelf.StarsKept))
	case inbox.ReceiptEvent:
		return new(e.At.Add(inbox.ReceiptsKept))
	case inbox.OwnershipEvent, inbox.MessageEvent, inbox.ContactTokensEvent, inbox.ContactEvent, inbox.DirectoryEvent:
	}
	return nil
}

// Event is the event of the document.
func (d Event) Event() inbox.Event {
	e := inbox.Event{
		ID: d.ID, Workspace: d.Workspace, Type: d.Type, Kind: d.Kind, Conversation: d.Conversation,
		Actor: workspace.Actor(d.Actor), From: inbox.Ownership(d.From), To: inbox.Ownership(d.To), Reason: d.Reason, Note: d.Note, ReasonCode: d.ReasonCode,
		Version: d.Version, Epoch: d.Epoch, At: d.At, Settles: d.Settles, Warnings: d.Warnings, Directory: d.Directory.change(),
		Contact: d.Contact, WasContact: (*inbox.ContactCopy)(d.WasContact), Bulk: d.Bulk, Receipt: d.Receipt.receipt(), Trace: d.Trace,
	}
	e.Was = d.Was.past()
	if d.After != nil {
		after := d.state().Conversation()
		e.After = &after
	}
	for _, m := range d.Messages {
		e.Messages = append(e.Messages, m.Message())
	}
	if d.Key != nil {
		e.Key = inbox.IdempotencyKey{Actor: workspace.Actor(d.Key.Actor), Key: d.Key.Key, Request: d.Key.Request}
	}
	return e
}

// state is the state after the event, with its last message.
func (d Event) state() ConversationState {
	after := *d.After
	if i := slices.IndexFunc(d.Messages, func(m Message) bool { return m.ID == d.AfterLast }); i >= 0 {
		after.LastMessage = &d.Messages[i]
	}
	return after
}

// Entries are the documents that record e: its messages, then e itself with previews of
// them, so that the feed meets e last.
func Entries(e inbox.Event) []any {
	out := make([]any, 0, len(e.Messages)+1)
	for _, m := range e.Messages {
		out = append(out, EntryOf(m))
	}
	return append(out, OfEvent(e).Preview())
}
