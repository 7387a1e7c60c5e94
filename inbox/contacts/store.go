package contacts

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Store is the part of a Store that keeps contacts.
type Store interface {
	// Contacts finds several contacts at once. Ids that do not exist have no entry.
	Contacts(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error)
	// ContactByExternalID finds the contact that has the id, which may be merged into
	// another one.
	ContactByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Contact, error)
	// VerifiedContacts finds those with this verified address, by SameEmail, or this
	// verified number, at most limit of each; an empty one finds nothing.
	VerifiedContacts(ctx context.Context, ws workspace.WorkspaceID, email, phone string, limit int) ([]inbox.Contact, error)
	// ListContacts answers a page, newest first; those that are gone are left out.
	ListContacts(ctx context.Context, q ContactQuery) (inbox.Page[inbox.Contact], error)
	// CountContacts counts the contacts that q would list, up to limit; it ignores
	// the page.
	CountContacts(ctx context.Context, q ContactQuery, limit int) (int, error)
	// SaveContacts writes s in one transaction: all of it or nothing. ErrStale when a
	// revision no longer holds, ErrDuplicateKey for an idempotency key, an id or an
	// external id used before.
	SaveContacts(ctx context.Context, s commit.ContactSave) (commit.Propagation, error)
	// SpreadingContacts lists contacts whose last change was not copied to all of
	// their conversations, of all workspaces, the longest pending first.
	SpreadingContacts(ctx context.Context, limit int) ([]inbox.Contact, error)
}

// ContactQuery lists contacts of a workspace, newest first.
type ContactQuery struct {
	Workspace workspace.WorkspaceID
	// Search holds folded words; each must begin some word of name, address or
	// number.
	Search []string
	Page   inbox.PageRequest
}

// Matches reports whether c is listed. Words folds a text as stores do; it is
// called only for a search.
func (q ContactQuery) Matches(c inbox.Contact, words func(string) []string) bool {
	return c.Workspace == q.Workspace && !c.Gone() && (len(q.Search) == 0 || access.View{Search: q.Search}.Found(words(c.SearchText())))
}

// Behind reports whether c is to be brought up to date.
func Behind(k commit.ContactCopying, c inbox.Conversation) bool {
	return c.Workspace == k.Contact.Workspace &&
		(slices.Contains(k.Contact.Merged, c.Contact) || c.Contact == k.Contact.ID && c.ContactCopyRevision != k.Contact.CopyRevision)
}

// ContactCursor is where c stands in a list of contacts.
func ContactCursor(c inbox.Contact) inbox.PageCursor {
	return inbox.PageCursor{At: c.CreatedAt, ID: string(c.ID)}
}
