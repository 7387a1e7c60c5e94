package inbox

import (
	"context"
	"slices"
)

// UpdateContact changes what is stored of a contact, which needs contacts.manage.
// expected, when set, refuses the change of any other revision with CONFLICT.
// NOT_FOUND for a contact that does not exist or was erased; one that was merged is
// the one that it was merged into. B:N3
func (s *Service) UpdateContact(ctx context.Context, p Principal, id ContactID, edit ContactEdit, expected *int, key string) (Contact, error) {
	edit = edit.seen()
	if err := edit.check(""); err != nil {
		return Contact{}, err
	}
	return s.onContact(ctx, p, contactAct{
		name: "updateContact", key: key, args: []any{id, edit, expected}, action: AuditContactUpdate,
		decide: func(ctx context.Context, _ Access) (before, after Contact, _ []Contact, fields []string, err error) {
			if before, err = s.liveContact(ctx, p.Workspace, id); err != nil {
				return before, after, nil, nil, err
			}
			if err = checkExpected(expected, before.Rev); err != nil {
				return before, after, nil, nil, err
			}
			after = edit.apply(before)
			return before, after, nil, before.differing(after), after.checkKept("attributes")
		},
	})
}

// MergeContacts merges one contact into another, which needs contacts.manage: what
// the other does not have is filled from the one, and conversations and external ids
// move. The contact tokens of the conversations that move end. B:N3
func (s *Service) MergeContacts(ctx context.Context, p Principal, into, from ContactID, key string) (Contact, error) {
	return s.onContact(ctx, p, contactAct{
		name: "mergeContacts", key: key, args: []any{into, from}, action: AuditContactMerge,
		decide: func(ctx context.Context, _ Access) (before, after Contact, others []Contact, fields []string, err error) {
			if before, err = s.liveContact(ctx, p.Workspace, into); err != nil {
				return before, after, nil, nil, err
			}
			gone, err := s.liveContact(ctx, p.Workspace, from)
			switch {
			case err != nil:
				return before, after, nil, nil, err
			case gone.ID == before.ID:
				return before, after, nil, nil, Invalid("mergeId", "Both ids are of one contact. Give two different ones.")
			}
			if others, err = s.mergedAway(ctx, before, gone); err != nil {
				return before, after, nil, nil, err
			}
			after = before.absorb(gone)
			return before, after, others, append([]string{"merged"}, before.differing(after)...), after.checkKept("mergeId")
		},
	})
}

// absorb is c with what it did not have of the other, which is merged into it.
func (c Contact) absorb(other Contact) Contact {
	if c.Name == "" {
		c.Name = other.Name
	}
	if c.Email == "" {
		c.Email, c.EmailVerified = other.Email, other.EmailVerified
	}
	if c.Phone == "" {
		c.Phone, c.PhoneVerified = other.Phone, other.PhoneVerified
	}
	c.Attributes = withAttributes(other.Attributes, c.Attributes)
	c.Merged = append(append(slices.Clone(c.Merged), other.ID), other.Merged...)
	return c
}

// mergedAway are the contacts that lead to into from now on: the one that is merged,
// and those that were merged into that one. Nothing is left of them but their
// external ids.
func (s *Service) mergedAway(ctx context.Context, into, gone Contact) ([]Contact, error) {
	if len(into.Merged)+len(gone.Merged)+1 > MaxMerged {
		return nil, Invalid("mergeId", "More than %d contacts would be merged into one. Merge into another contact.", MaxMerged)
	}
	before, err := s.store.Contacts(ctx, into.Workspace, gone.Merged)
	if err != nil {
		return nil, err
	}
	out := []Contact{gone}
	for _, id := range gone.Merged {
		out = append(out, before[id])
	}
	for i, c := range out {
		out[i] = Contact{
			ID: c.ID, Workspace: c.Workspace, ExternalID: c.ExternalID, MergedInto: into.ID, CreatedAt: c.CreatedAt, Rev: c.Rev + 1, Face: c.Face,
		}
	}
	return out, nil
}

// EraseContact erases what is known of a contact, which needs contacts.manage: name,
// address, number, attributes and external ids. Its contact tokens end. What was
// said stays. It answers with the contact, of which only the id is left. B:N3
func (s *Service) EraseContact(ctx context.Context, p Principal, id ContactID, key string) (Contact, error) {
	return s.onContact(ctx, p, contactAct{
		name: "eraseContact", key: key, args: []any{id}, action: AuditContactErase,
		decide: func(ctx context.Context, _ Access) (before, after Contact, others []Contact, fields []string, err error) {
			if before, err = s.liveContact(ctx, p.Workspace, id); err != nil {
				return before, after, nil, nil, err
			}
			merged, err := s.store.Contacts(ctx, p.Workspace, before.Merged)
			if err != nil {
				return before, after, nil, nil, err
			}
			for _, id := range before.Merged {
				c := merged[id]
				c.ExternalID = ""
				c.Rev++
				others = append(others, c)
			}
			after = Contact{ID: before.ID, Workspace: before.Workspace, Merged: before.Merged, Erased: true, CreatedAt: before.CreatedAt}
			return before, after, others, []string{"erased"}, nil
		},
	})
}

// liveContact finds a contact, or the one that it was merged into. NOT_FOUND for
// none, and for one that was erased.
func (s *Service) liveContact(ctx context.Context, ws WorkspaceID, id ContactID) (Contact, error) {
	for range 2 { // merged contacts all lead to the one that is left
		found, err := s.store.Contacts(ctx, ws, []ContactID{id})
		c, ok := found[id]
		switch {
		case err != nil:
			return Contact{}, err
		case !ok || c.Erased:
			return Contact{}, Missing("contact")
		case c.MergedInto == "":
			return c, nil
		}
		id = c.MergedInto
	}
	return Contact{}, Missing("contact")
}

// Contact finds a contact whom the caller may know: its own for a contact, for an
// API key the contact of a conversation that it feeds or sees, for everybody else
// that of a conversation that the caller may see, and any for whoever manages
// contacts. NOT_FOUND for any other, so that ids cannot be tried out. One that was
// merged is the one that it was merged into.
func (s *Service) Contact(ctx context.Context, p Principal, id ContactID) (Contact, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return Contact{}, err
	}
	c, err := s.liveContact(ctx, p.Workspace, id)
	if err != nil {
		return Contact{}, err
	}
	known, err := s.knows(ctx, a, c.ID)
	if err == nil && !known {
		err = Missing("contact")
	}
	if err != nil {
		return Contact{}, err
	}
	return c, nil
}

// knows reports whether the caller may know a contact. A right that reaches one
// kind of conversation gives the contacts of that kind, and no others.
func (s *Service) knows(ctx context.Context, a Access, id ContactID) (bool, error) {
	switch {
	case a.Principal.Actor.Kind == ActorContact:
		return a.Principal.Actor.ID == string(id), nil
	case a.May(ContactsManage):
		return true, nil
	}
	reach := a.Reach()
	for _, kind := range Kinds() {
		if a.feeds(Conversation{Kind: kind}).Allowed {
			reach.Scopes[kind] = ScopeAll
		}
	}
	n, err := s.store.CountConversations(ctx, ConversationQuery{
		Workspace: a.Principal.Workspace, View: View{Contacts: []ContactID{id}}, Reach: reach,
	}, 1)
	return n > 0, err
}

// ListContacts lists contacts of the workspace, newest first, which needs
// contacts.manage. search holds folded words. B:N3
func (s *Service) ListContacts(ctx context.Context, p Principal, search []string, page PageRequest) (Page[Contact], error) {
	if err := s.managesContacts(ctx, p); err != nil {
		return Page[Contact]{}, err
	}
	return s.store.ListContacts(ctx, ContactQuery{Workspace: p.Workspace, Search: search, Page: page})
}

// CountContacts counts what ListContacts lists, up to CountLimit.
func (s *Service) CountContacts(ctx context.Context, p Principal, search []string) (int, error) {
	if err := s.managesContacts(ctx, p); err != nil {
		return 0, err
	}
	return s.store.CountContacts(ctx, ContactQuery{Workspace: p.Workspace, Search: search}, CountLimit)
}

func (s *Service) managesContacts(ctx context.Context, p Principal) error {
	a, err := s.Access(ctx, p)
	if err == nil {
		err = a.Require(ContactsManage)
	}
	return err
}

// externalIDs finds a contact with every external id that leads to it, its own
// first.
func (s *Service) externalIDs(ctx context.Context, ws WorkspaceID, id ContactID) (Contact, []string, error) {
	found, err := s.store.Contacts(ctx, ws, []ContactID{id})
	if err != nil {
		return Contact{}, nil, err
	}
	c := found[id]
	merged, err := s.store.Contacts(ctx, ws, c.Merged)
	return c, c.ExternalIDs(merged), err
}

// ExternalIDs are all that lead to c, its own first, then those of merged, which
// holds the contacts that were merged into it.
func (c Contact) ExternalIDs(merged map[ContactID]Contact) []string {
	var out []string
	for _, one := range append([]ContactID{c.ID}, c.Merged...) {
		id := merged[one].ExternalID
		if one == c.ID {
			id = c.ExternalID
		}
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}

// contactByExternalID finds the contact that the id leads to: the one that has it,
// or the one that that was merged into. NOT_FOUND when there is none.
func (s *Service) contactByExternalID(ctx context.Context, ws WorkspaceID, externalID string) (Contact, error) {
	c, err := s.store.ContactByExternalID(ctx, ws, externalID)
	if err != nil || c.MergedInto == "" {
		return c, err
	}
	return s.liveContact(ctx, ws, c.MergedInto)
}
