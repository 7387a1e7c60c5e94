package inbox

import (
	"cmp"
	"context"
	"slices"
)

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

// ContactsLeft gives for each contact that was merged the one that it was merged into,
// and every other id as it is, each once. It says nothing else of them.
func (s *Service) ContactsLeft(ctx context.Context, ws WorkspaceID, ids []ContactID) ([]ContactID, error) {
	found, err := s.store.Contacts(ctx, ws, ids)
	var out []ContactID
	for _, id := range ids {
		id = cmp.Or(found[id].MergedInto, id)
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, err
}

// Contact finds a contact whom the caller may know: its own for a contact, for an
// API key the contact of a conversation that it feeds or sees, for others that of a
// conversation that the caller may see, and any for callers who manage contacts.
// NOT_FOUND for any other, so that ids cannot be tried out. For one that was merged
// it returns the one that it was merged into.
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

// CountContacts counts the contacts that ListContacts lists, up to CountLimit.
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
