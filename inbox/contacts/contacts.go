package contacts

import (
	"cmp"
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// liveContact finds a contact, or the one that it was merged into. NOT_FOUND for
// none, and for one that was erased.
func (s *Service) liveContact(ctx context.Context, ws workspace.WorkspaceID, id inbox.ContactID) (inbox.Contact, error) {
	for range 2 { // merged contacts all lead to the one that is left
		found, err := s.store.Contacts(ctx, ws, []inbox.ContactID{id})
		c, ok := found[id]
		switch {
		case err != nil:
			return inbox.Contact{}, err
		case !ok || c.Erased:
			return inbox.Contact{}, inbox.Missing("contact")
		case c.MergedInto == "":
			return c, nil
		}
		id = c.MergedInto
	}
	return inbox.Contact{}, inbox.Missing("contact")
}

// ContactsLeft gives for each contact that was merged the one that it was merged into,
// and every other id as it is, each once. It says nothing else of them.
func (s *Service) ContactsLeft(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID) ([]inbox.ContactID, error) {
	found, err := s.store.Contacts(ctx, ws, ids)
	var out []inbox.ContactID
	for _, id := range ids {
		id = cmp.Or(found[id].MergedInto, id)
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, err
}

// Contact finds a contact whom the caller may know: its own for a contact, for an
// API key the contact of a conversation that it carries or sees, for others that of a
// conversation that the caller may see, and any for callers who manage contacts.
// NOT_FOUND for any other, so that ids cannot be tried out. For one that was merged
// it returns the one that it was merged into.
func (s *Service) Contact(ctx context.Context, p inbox.Principal, id inbox.ContactID) (inbox.Contact, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return inbox.Contact{}, err
	}
	c, err := s.liveContact(ctx, p.Workspace, id)
	if err != nil {
		return inbox.Contact{}, err
	}
	known, err := s.knows(ctx, a, c.ID)
	if err == nil && !known {
		err = inbox.Missing("contact")
	}
	if err != nil {
		return inbox.Contact{}, err
	}
	return c, nil
}

// knows reports whether the caller may know a contact. A right that reaches one
// kind of conversation gives the contacts of that kind, and no others.
func (s *Service) knows(ctx context.Context, a access.Access, id inbox.ContactID) (bool, error) {
	switch {
	case a.Principal.Actor.Kind == workspace.ActorContact:
		return a.Principal.Actor.ID == string(id), nil
	case a.May(workspace.ContactsManage):
		return true, nil
	}
	q := access.ConversationQuery{Workspace: a.Principal.Workspace, Visibility: a.VisibilityFilter()}
	q.View = access.View{Asleep: true, Contacts: []inbox.ContactID{id}}
	lists := []access.List{access.ListAll}
	if a.Principal.Actor.Kind == workspace.ActorMember {
		lists = append(lists, access.ListOfferedToMe) // nobody should accept whom they do not know
	}
	for _, q.View.List = range lists {
		n, err := s.store.CountConversations(ctx, q, 1)
		if n > 0 || err != nil {
			return n > 0, err
		}
	}
	q.View.List = access.ListAll
	q.View.Feeders = a.Directory.Workspace.Handovers.FedBy(a.Key.ID)
	return s.feeds(ctx, a, q)
}

// means reports whether the caller may name a contact by an id of its own choice, or by an
// address that it vouches for: one that it knows, and for an API key that of any conversation
// of a kind that it feeds. People are the workspace's, and come by several channels. B:N3
func (s *Service) means(ctx context.Context, a access.Access, id inbox.ContactID) (bool, error) {
	known, err := s.knows(ctx, a, id)
	if known || err != nil {
		return known, err
	}
	q := access.ConversationQuery{Workspace: a.Principal.Workspace}
	q.View = access.View{Asleep: true, Contacts: []inbox.ContactID{id}}
	return s.feeds(ctx, a, q)
}

// feeds reports whether the query holds a conversation of a kind that the caller feeds.
func (s *Service) feeds(ctx context.Context, a access.Access, q access.ConversationQuery) (bool, error) {
	q.Visibility = access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{}}
	for _, kind := range workspace.Kinds() {
		if access.FeedsKind(a, kind).Allowed {
			q.Visibility.Scopes[kind] = workspace.ScopeAll
		}
	}
	if len(q.Visibility.Scopes) == 0 {
		return false, nil
	}
	n, err := s.store.CountConversations(ctx, q, 1)
	return n > 0, err
}

// ListContacts lists contacts of the workspace, newest first, which needs
// contacts.manage. search holds folded words. B:N3
func (s *Service) ListContacts(ctx context.Context, p inbox.Principal, search []string, page inbox.PageRequest) (inbox.Page[inbox.Contact], error) {
	if err := s.managesContacts(ctx, p); err != nil {
		return inbox.Page[inbox.Contact]{}, err
	}
	return s.store.ListContacts(ctx, ContactQuery{Workspace: p.Workspace, Search: search, Page: page})
}

// CountContacts counts the contacts that ListContacts lists, up to CountLimit.
func (s *Service) CountContacts(ctx context.Context, p inbox.Principal, search []string) (int, error) {
	if err := s.managesContacts(ctx, p); err != nil {
		return 0, err
	}
	return s.store.CountContacts(ctx, ContactQuery{Workspace: p.Workspace, Search: search}, commit.CountLimit)
}

func (s *Service) managesContacts(ctx context.Context, p inbox.Principal) error {
	a, err := s.callers.Access(ctx, p)
	if err == nil {
		err = a.Require(workspace.ContactsManage)
	}
	return err
}

// ExternalIDs finds a contact with every external id that leads to it, its own
// first.
func (s *Service) ExternalIDs(ctx context.Context, ws workspace.WorkspaceID, id inbox.ContactID) (inbox.Contact, []string, error) {
	found, err := s.store.Contacts(ctx, ws, []inbox.ContactID{id})
	if err != nil {
		return inbox.Contact{}, nil, err
	}
	c := found[id]
	merged, err := s.store.Contacts(ctx, ws, c.Merged)
	return c, c.ExternalIDs(merged), err
}

// ContactByExternalID finds the contact that the id leads to: the one that has it,
// or the one that that was merged into. NOT_FOUND when there is none.
func (s *Service) ContactByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Contact, error) {
	c, err := s.store.ContactByExternalID(ctx, ws, externalID)
	if err != nil || c.MergedInto == "" {
		return c, err
	}
	return s.liveContact(ctx, ws, c.MergedInto)
}
