package contacts

import (
	"context"

	"switchboard/inbox"
)

// Contacts finds contacts of conversations that the caller may see.
func (s *Service) Contacts(ctx context.Context, p inbox.Principal, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
	return s.store.Contacts(ctx, p.Workspace, ids)
}
