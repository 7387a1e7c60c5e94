package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// EventType is the subject of an event.
type EventType string

// The types of event. All of them pass through one feed, in commit order.
const (
	// OwnershipEvent is an ownership or status change.
	OwnershipEvent EventType = "OWNERSHIP"
	// MessageEvent is a message without an ownership change.
	MessageEvent EventType = "MESSAGE"
	// ContactTokensEvent ends the contact tokens of a conversation, and changes
	// nothing else about it.
	ContactTokensEvent EventType = "CONTACT_TOKENS"
	// ContactEvent is a change of a conversation's contact or of the contact's
	// data, and of nothing else about the conversation. One without a conversation
	// records a change of a contact as a whole, and is in no feed.
	ContactEvent EventType = "CONTACT"
	// StarEvent says that the actor, a member, starred a conversation or took a star
	// back. It does not say which, and is delivered to the actor alone.
	StarEvent EventType = "STAR"
	// ReceiptEvent says that messages came to the contact, or were read, and changes
	// nothing else about the conversation.
	ReceiptEvent EventType = "RECEIPT"
	// DirectoryEvent is a change of the workspace, a member, a team, an
	// AI agent or an API key.
	DirectoryEvent EventType = "DIRECTORY"
)

// EventKind is the verb that an ownership event records.
type EventKind string

// The kinds of ownership event.
const (
	EventCreated       EventKind = "CREATED"
	EventHandedOff     EventKind = "HANDED_OFF"
	EventQueued        EventKind = "QUEUED"
	EventAssigned      EventKind = "ASSIGNED"
	EventClaimed       EventKind = "CLAIMED"
	EventAutoAssigned  EventKind = "AUTO_ASSIGNED"
	EventUnassigned    EventKind = "UNASSIGNED"
	EventTransferred   EventKind = "TRANSFERRED"
	EventTakenOver     EventKind = "TAKEN_OVER"
	EventLeft          EventKind = "LEFT"
	EventClosed        EventKind = "CLOSED"
	EventReopened      EventKind = "REOPENED"
	EventReturnedToAI  EventKind = "RETURNED_TO_AI"
	EventReclaimed     EventKind = "RECLAIMED"
	EventUnanswered    EventKind = "UNANSWERED"
	EventUndone        EventKind = "UNDONE"
	EventStatusChanged EventKind = "STATUS_CHANGED"
	EventTeamRemoved   EventKind = "TEAM_REMOVED"

	// The steps of an offer. Accepting one is a transfer.
	EventOffered         EventKind = "OFFERED"
	EventOfferPassedOn   EventKind = "OFFER_PASSED_ON"
	EventOfferDeclined   EventKind = "OFFER_DECLINED"
	EventOfferWithdrawn  EventKind = "OFFER_WITHDRAWN"
	EventOfferExpired    EventKind = "OFFER_EXPIRED"
	EventOfferSuperseded EventKind = "OFFER_SUPERSEDED"
	EventSnoozed         EventKind = "SNOOZED"
	EventWoken           EventKind = "WOKEN"
)

// EventKinds returns all kinds. It never changes.
func EventKinds() []EventKind {
	return []EventKind{
		EventCreated, EventHandedOff, EventQueued, EventAssigned, EventClaimed, EventAutoAssigned, EventUnassigned,
		EventTransferred, EventTakenOver, EventLeft, EventClosed, EventReopened, EventReturnedToAI, EventReclaimed,
		EventUnanswered, EventUndone, EventStatusChanged, EventTeamRemoved,
		EventOffered, EventOfferPassedOn, EventOfferDeclined, EventOfferWithdrawn, EventOfferExpired, EventOfferSuperseded,
		EventSnoozed, EventWoken,
	}
}

// Event is the immutable record of one change. Live streams, histories and
// figures are made from events alone.
type Event struct {
	ID           EventID
	Workspace    workspace.WorkspaceID
	Type         EventType
	Kind         EventKind
	Conversation ConversationID
	Actor        workspace.Actor
	From, To     Ownership
	// Was holds the earlier values of the other fields that the event changed; nil
	// for an event that creates a conversation or changes none, and for one written
	// by a server that did not keep them.
	Was    *Past
	Reason string
	Note   string
	// ReasonCode is the reason that the actor picked; empty for none.
	ReasonCode workspace.ReasonCodeID
	// Version and Epoch are the conversation's after the change.
	Version int
	Epoch   int
	At      time.Time
	// After is the conversation as the change left it; nil for directory events.
	After *Conversation
	// Messages were written in the same transaction.
	Messages []Message
	// Settles is the member whose notifications about the conversation are over
	// with this event, see Settled; empty for none.
	Settles workspace.MemberID
	// Warnings were given with the first answer, and are with each repeat.
	Warnings []Warning
	// Key makes a repeat recognisable; zero when the caller gave none.
	Key IdempotencyKey
	// Receipt is that of a ReceiptEvent; nil otherwise.
	Receipt *Receipt
	// Directory is the change of a directory event; nil otherwise.
	Directory *workspace.DirectoryChange
	// Contact is the contact of a ContactEvent; empty for others.
	Contact ContactID
	// WasContact is the conversation's copy of its contact before a ContactEvent;
	// nil for others, and for an erasure, which keeps nothing.
	WasContact *ContactCopy
	// Bulk is the call with many conversations that made it; empty for none.
	Bulk BulkID
	// Trace is the traceparent of the operation that made the event, as W3C has it; empty
	// where operations are not traced.
	Trace string
}

// Resets reports whether e ends the reset of a sandbox: nothing that came before it is
// there any more.
func (e Event) Resets() bool {
	return e.Directory != nil && e.Directory.Workspace != nil && !e.At.IsZero() && e.Directory.Workspace.ResetAt.Equal(e.At)
}

// IdempotencyKey is a caller's key in the name of that caller.
type IdempotencyKey struct {
	Actor workspace.Actor
	Key   string
	// Request fingerprints verb and arguments, so that one key used for two
	// different requests is noticed.
	Request string
}
