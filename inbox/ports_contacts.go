package inbox

import (
	"context"
	"slices"
)

// Contacts is the part of a Store that keeps contacts.
type Contacts interface {
	// Contacts finds several contacts at once. Ids that do not exist have no entry.
	Contacts(ctx context.Context, ws WorkspaceID, ids []ContactID) (map[ContactID]Contact, error)
	// ContactByExternalID finds the contact that has the id, which may be merged into
	// another one.
	ContactByExternalID(ctx context.Context, ws WorkspaceID, externalID string) (Contact, error)
	// VerifiedContacts finds those with this verified address, by SameEmail, or this
	// verified number, at most limit of each; an empty one finds nothing.
	VerifiedContacts(ctx context.Context, ws WorkspaceID, email, phone string, limit int) ([]Contact, error)
	// ListContacts answers a page, newest first; those that are gone are left out.
	ListContacts(ctx context.Context, q ContactQuery) (Page[Contact], error)
	// CountContacts counts the contacts that q would list, up to limit; it ignores
	// the page.
	CountContacts(ctx context.Context, q ContactQuery, limit int) (int, error)
	// SaveContacts writes s in one transaction: all of it or nothing. ErrStale when a
	// revision no longer holds, ErrDuplicateKey for an idempotency key, an id or an
	// external id used before.
	SaveContacts(ctx context.Context, s ContactSave) (Spread, error)
	// SpreadingContacts lists contacts whose last change was not copied to all of
	// their conversations, of all workspaces, the longest pending first.
	SpreadingContacts(ctx context.Context, limit int) ([]Contact, error)
}

// ContactQuery lists contacts of a workspace, newest first.
type ContactQuery struct {
	Workspace WorkspaceID
	// Search holds folded words; each must begin some word of name, address or
	// number.
	Search []string
	Page   PageRequest
}

// Matches reports whether c is listed. Words folds a text as stores do; it is
// called only for a search.
func (q ContactQuery) Matches(c Contact, words func(string) []string) bool {
	return c.Workspace == q.Workspace && !c.Gone() && (len(q.Search) == 0 || View{Search: q.Search}.found(words(c.SearchText())))
}

// ContactSave is one change of contacts, with its consequences.
type ContactSave struct {
	Workspace WorkspaceID
	// Contacts are as they are to be. Each Rev must be one more than the stored one;
	// a contact of Rev 1 that is not there is inserted.
	Contacts []Contact
	// Event records the change with its idempotency key; no feed gives it. None is
	// recorded for one without an id.
	Event Event
	Audit *AuditEntry
	// Copy, when set, brings conversations up to date.
	Copy *ContactCopying
}

// ContactCopying updates up to Limit conversations with an outdated copy of
// Contact: those that are still of one of its Merged, and those of its own with
// another Face. Contact must be as it is stored after the save: ErrStale otherwise.
type ContactCopying struct {
	Contact Contact
	Limit   int
	// Follow makes the change of one conversation from its state in the transaction.
	Follow func(Conversation) Change
}

// Behind reports whether c is to be brought up to date.
func (k ContactCopying) Behind(c Conversation) bool {
	return c.Workspace == k.Contact.Workspace &&
		(slices.Contains(k.Contact.Merged, c.Contact) || c.Contact == k.Contact.ID && c.ContactFace != k.Contact.Face)
}

// Spread is how far a copying came.
type Spread struct {
	// Events are those of the conversations that were changed.
	Events []Event
	// Done says that no conversation is behind; the contact's SpreadingSince is zero
	// then.
	Done bool
}

// ContactGuard demands that a contact is still of a revision.
type ContactGuard struct {
	ID  ContactID
	Rev int
}

// ContactPosition is where c stands in a list of contacts.
func ContactPosition(c Contact) Position {
	return Position{At: c.CreatedAt, ID: string(c.ID)}
}
