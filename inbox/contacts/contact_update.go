package contacts

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
)

// UpdateContact changes the stored data of a contact, which needs contacts.manage.
// expected, if set, refuses the change of any other revision with CONFLICT. It
// returns NOT_FOUND for a contact that does not exist or was erased; for one that
// was merged it changes the contact that it was merged into. B:N3
func (s *Service) UpdateContact(ctx context.Context, p inbox.Principal, id inbox.ContactID, edit ContactEdit, expected *int, key string) (inbox.Contact, error) {
	edit = edit.Visible()
	if err := edit.check(""); err != nil {
		return inbox.Contact{}, err
	}
	return s.onContact(ctx, p, contactAct{
		name: "updateContact", key: key, args: []any{id, edit, expected}, action: audit.AuditContactUpdate,
		decide: func(ctx context.Context) (contactChange, error) {
			before, err := s.liveContact(ctx, p.Workspace, id)
			if err == nil {
				err = commit.CheckExpected(expected, before.Rev)
			}
			if err != nil {
				return contactChange{}, err
			}
			after := edit.apply(before)
			return contactChange{before: before, after: after, fields: differing(before, after)}, checkKept(after, "attributes")
		},
	})
}
