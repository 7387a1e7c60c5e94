// Package shelf keeps what members mark for themselves and for each other: saved views
// and stars.
package shelf

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Service has the use cases of saved views and stars.
type Service struct {
	callers  *access.Callers
	base     *commit.Base
	store    Store
	contacts Contacts
}

// Store is what the service reads and writes.
type Store interface {
	SavedViewStore
	StarStore
	// Conversations finds several conversations at once. Ids that do not exist have
	// no entry.
	Conversations(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error)
}

// Contacts finds the contacts that a saved filter names.
type Contacts interface {
	// Contact finds a contact whom the caller may know; NOT_FOUND for any other.
	Contact(ctx context.Context, p inbox.Principal, id inbox.ContactID) (inbox.Contact, error)
}

// New makes a Service.
func New(callers *access.Callers, base *commit.Base, store Store, contacts Contacts) *Service {
	return &Service{callers: callers, base: base, store: store, contacts: contacts}
}
