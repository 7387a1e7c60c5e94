package inbox

import "context"

// UpdateContact changes the stored data of a contact, which needs contacts.manage.
// expected, if set, refuses the change of any other revision with CONFLICT. It
// returns NOT_FOUND for a contact that does not exist or was erased; for one that
// was merged it changes the contact that it was merged into. B:N3
func (s *Service) UpdateContact(ctx context.Context, p Principal, id ContactID, edit ContactEdit, expected *int, key string) (Contact, error) {
	edit = edit.seen()
	if err := edit.check(""); err != nil {
		return Contact{}, err
	}
	return s.onContact(ctx, p, contactAct{
		name: "updateContact", key: key, args: []any{id, edit, expected}, action: AuditContactUpdate,
		decide: func(ctx context.Context) (contactChange, error) {
			before, err := s.liveContact(ctx, p.Workspace, id)
			if err == nil {
				err = checkExpected(expected, before.Rev)
			}
			if err != nil {
				return contactChange{}, err
			}
			after := edit.apply(before)
			return contactChange{before: before, after: after, fields: before.differing(after)}, after.checkKept("attributes")
		},
	})
}
