package commit

import (
	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// ContactSave is one change of contacts, with its consequences.
type ContactSave struct {
	Workspace workspace.WorkspaceID
	// Contacts are as they are to be. Each Rev must be one more than the stored one;
	// a contact of Rev 1 that is not there is inserted.
	Contacts []inbox.Contact
	// Event records the change with its idempotency key; no feed gives it. None is
	// recorded for one without an id.
	Event inbox.Event
	Audit *audit.AuditEntry
	// Copy, when set, brings conversations up to date.
	Copy *ContactCopying
}

// ContactCopying updates up to Limit conversations with an outdated copy of
// Contact: those that are still of one of its Merged, and those of its own with
// another Face. Contact must be as it is stored after the save: ErrStale otherwise.
type ContactCopying struct {
	Contact inbox.Contact
	Limit   int
	// Follow makes the change of one conversation from its state in the transaction.
	Follow func(inbox.Conversation) Change
}

// Propagation is how far a copying came.
type Propagation struct {
	// Events are those of the conversations that were changed.
	Events []inbox.Event
	// Done says that no conversation is behind; the contact's SpreadingSince is zero
	// then.
	Done bool
}

// ContactGuard demands that a contact is still of a revision.
type ContactGuard struct {
	ID  inbox.ContactID
	Rev int
}
