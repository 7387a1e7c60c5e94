package commit

import (
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/audit"
)

// Sentinels of the store. They are for Service; none reaches a caller.
var (
	// ErrStale means that the guard of a write no longer holds.
	ErrStale = errors.New("inbox: the conversation changed meanwhile")
	// ErrDuplicateKey is an idempotency key, external id or id used before.
	ErrDuplicateKey = errors.New("inbox: the key was used before")
	// ErrAtCap is a choice that no longer holds: the load may not grow, or moved
	// since it was looked at, or the rotation did.
	ErrAtCap = errors.New("inbox: the member is at the cap, or had another turn meanwhile")
)

// Change is everything that one verb writes, in one transaction: all of it or
// nothing.
type Change struct {
	// Conversation is the state to write. A create (Version 1, Create set) fails
	// with ErrDuplicateKey when its id or ExternalID exists.
	Conversation inbox.Conversation
	Create       bool
	// Guard must still hold in the database; the commit returns ErrStale otherwise.
	// A create is not guarded, except by the conditions of Continues.
	Guard Guard
	// Event is inserted with its messages. A message event leaves version, epoch
	// and ownership of the stored conversation untouched, and applies ReplyIn of
	// its messages to the stored AwaitingReplySince: a wait that has begun keeps
	// its beginning.
	// A receipt event writes the marks of the conversation and the times of its last message,
	// for which Guard.Revision must be set, and those of the messages that it is about.
	Event inbox.Event
	// EndTokens stores the conversation's TokenIssue. Guard.TokenIssue must be set to
	// the number before it.
	EndTokens bool
	// Continues names the closed conversation of the same workspace whose Next a
	// create becomes; empty for none. The commit returns ErrStale if that one is
	// not closed, has a Next, or another copy of its contact. Guard.TokenIssue, if
	// set, must hold for that one.
	Continues inbox.ConversationID
	// Audit, when set, is written to the audit log.
	Audit *audit.AuditEntry
	// Loads are the counters that move.
	Loads []inbox.LoadChange
	// Rotation, when set, is the turn that the commit makes: ErrAtCap unless the
	// stored Count is one less.
	Rotation *inbox.Rotation
	// Placed, unless nil, is called by an engine that lets commits wait for each other, once
	// this one has its place: a commit that begins later is written after it if it takes the
	// next turn of the rotation, or is of the same actor and moves one of its loads.
	Placed func()
	// Contact is inserted when set and not there yet, found by ExternalID.
	Contact *inbox.Contact
	// Known, when set, is the contact that exists, as the change was decided with;
	// ErrStale when it changed.
	Known *ContactGuard
	// Contacts, when set, are saved with the change.
	Contacts *ContactSave
	// Yields makes the commit return ErrStale at once if another commit is changing
	// the conversation, whatever the outcome of that one, and ErrAtCap if the other
	// moves a load with a Cap and there is no Rotation.
	Yields bool
}

// Guard is the filter of the update, beside id and workspace.
type Guard struct {
	// Version must match unless it is 0.
	Version int
	// Epoch must match unless it is 0; used for messages, which do not move
	// the version.
	Epoch int
	// NotClosed demands a status other than CLOSED.
	NotClosed bool
	// TokenIssue must match when it is not nil.
	TokenIssue *int
	// QuietSince, unless zero, demands that LastActivityAt is not later. A message
	// moves no version, so a step for want of activity needs this. B:C6
	QuietSince time.Time
	// AwaitingReplySince must match when it is not nil.
	AwaitingReplySince *time.Time
	// Revision must match when it is not nil: nothing at all may have been written since.
	Revision *int
}
