package contacts

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/audit"
)

// EraseContact erases the data of a contact: name, address, number, attributes and
// external ids. It needs contacts.manage. The contact's tokens end; its messages
// stay. It returns the contact, of which only the id is left. B:N3
func (s *Service) EraseContact(ctx context.Context, p inbox.Principal, id inbox.ContactID, key string) (inbox.Contact, error) {
	return s.onContact(ctx, p, contactAct{
		name: "eraseContact", key: key, args: []any{id}, action: audit.AuditContactErase,
		decide: func(ctx context.Context) (contactChange, error) {
			before, err := s.liveContact(ctx, p.Workspace, id)
			if err != nil {
				return contactChange{}, err
			}
			others, err := s.namelessMerged(ctx, before)
			after := inbox.Contact{ID: before.ID, Workspace: before.Workspace, Merged: before.Merged, Erased: true, CreatedAt: before.CreatedAt}
			return contactChange{before: before, after: after, others: others, fields: []string{"erased"}}, err
		},
	})
}

// namelessMerged are the contacts that were merged into c, without their external
// ids.
func (s *Service) namelessMerged(ctx context.Context, c inbox.Contact) ([]inbox.Contact, error) {
	merged, err := s.store.Contacts(ctx, c.Workspace, c.Merged)
	if err != nil {
		return nil, err
	}
	var out []inbox.Contact
	for _, id := range c.Merged {
		one := merged[id]
		one.ExternalID = ""
		one.Rev++
		out = append(out, one)
	}
	return out, nil
}
