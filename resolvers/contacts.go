package resolvers

import (
	"context"
	"strings"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/contacts"
)

// contact reads the details of a contact that a page of conversations does not
// carry; none of a hidden one.
func (r *Resolver) contact(ctx context.Context, obj *model.Contact) (inbox.Contact, error) {
	if obj.Hidden {
		return inbox.Contact{}, nil
	}
	_, id, _ := parseID(obj.ID)
	return scopeOf(ctx).loaders.contact.Load(ctx, inbox.ContactID(id))
}

// externalIDs are all by which a contact is found, its own first.
func (r *Resolver) externalIDs(ctx context.Context, obj *model.Contact) ([]string, error) {
	c, err := r.contact(ctx, obj)
	if err != nil {
		return nil, err
	}
	merged := map[inbox.ContactID]inbox.Contact{}
	if len(c.Merged) > 0 {
		all, err := scopeOf(ctx).loaders.contact.LoadAll(ctx, c.Merged)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			merged[m.ID] = m
		}
	}
	return nonNil(c.ExternalIDs(merged)), nil
}

// externalID is the first of externalIDs.
func (r *Resolver) externalID(ctx context.Context, obj *model.Contact) (*string, error) {
	all, err := r.externalIDs(ctx, obj)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

func shownAttributes(all []inbox.Attribute) []*model.ContactAttribute {
	out := []*model.ContactAttribute{}
	for _, a := range all {
		out = append(out, &model.ContactAttribute{Key: a.Key, Value: a.Value})
	}
	return out
}

func attributesOf(in []*model.ContactAttributeInput) []inbox.Attribute {
	var out []inbox.Attribute
	for _, a := range in {
		out = append(out, inbox.Attribute{Key: a.Key, Value: a.Value})
	}
	return out
}

func (r *Resolver) contacts(ctx context.Context, search *string, args pageArgs) (*model.ContactConnection, error) {
	s := scopeOf(ctx)
	words, err := r.words(phonePlain(search))
	if err != nil {
		return nil, err
	}
	l := r.listOf(s.access.Principal.Workspace, "contacts", words)
	page, err := args.request(l)
	if err != nil {
		return nil, err
	}
	found, err := r.Inbox.Contacts.ListContacts(ctx, s.access.Principal, words, page)
	if err != nil {
		return nil, err
	}
	out := &model.ContactConnection{Search: words}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(c inbox.Contact) string { return l.at(c.CreatedAt, string(c.ID)) },
		func(c inbox.Contact) *model.Contact { return contactOf(c.ID, c.Name) },
		func(at string, n *model.Contact) *model.ContactEdge { return &model.ContactEdge{Cursor: at, Node: n} })
	return out, nil
}

// phonePlain removes separators between digits from a search that is the beginning
// of a phone number.
func phonePlain(search *string) *string {
	if search == nil || !strings.HasPrefix(strings.TrimSpace(*search), "+") || strings.Trim(*search, "0123456789+ -.()/") != "" {
		return search
	}
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, *search)
	return &plain
}

func (r *Resolver) updateContact(ctx context.Context, in model.UpdateContactInput) (*model.UpdateContactPayload, error) {
	id, err := idOf[inbox.ContactID]("contactId", typeContact, in.ContactID)
	edit := contacts.ContactEdit{
		Name: in.Name, Email: in.Email, EmailVerified: in.EmailVerified, Phone: in.Phone, PhoneVerified: in.PhoneVerified,
		Attributes: attributesOf(in.Attributes),
	}
	return runAdmin(ctx, err, func(p inbox.Principal) (inbox.Contact, error) {
		return r.Inbox.Contacts.UpdateContact(ctx, p, id, edit, in.ExpectedRevision, value(in.IdempotencyKey))
	}, func(c *inbox.Contact, refused refusals) *model.UpdateContactPayload {
		return &model.UpdateContactPayload{Contact: scopeOf(ctx).changedContact(c), UserErrors: refused}
	})
}

func (r *Resolver) mergeContacts(ctx context.Context, in model.MergeContactsInput) (*model.MergeContactsPayload, error) {
	into, err := idOf[inbox.ContactID]("contactId", typeContact, in.ContactID)
	from, err2 := idOf[inbox.ContactID]("mergeId", typeContact, in.MergeID)
	if err == nil {
		err = err2
	}
	return runAdmin(ctx, err, func(p inbox.Principal) (inbox.Contact, error) {
		return r.Inbox.Contacts.MergeContacts(ctx, p, into, from, value(in.IdempotencyKey))
	}, func(c *inbox.Contact, refused refusals) *model.MergeContactsPayload {
		return &model.MergeContactsPayload{
			Contact: scopeOf(ctx).changedContact(c), MergedContactID: deletedID(c, func(inbox.Contact) string { return in.MergeID }), UserErrors: refused,
		}
	})
}

func (r *Resolver) eraseContact(ctx context.Context, in model.EraseContactInput) (*model.EraseContactPayload, error) {
	id, err := idOf[inbox.ContactID]("contactId", typeContact, in.ContactID)
	return runAdmin(ctx, err, func(p inbox.Principal) (inbox.Contact, error) {
		return r.Inbox.Contacts.EraseContact(ctx, p, id, value(in.IdempotencyKey))
	}, func(c *inbox.Contact, refused refusals) *model.EraseContactPayload {
		return &model.EraseContactPayload{
			ErasedContactID: deletedID(c, func(c inbox.Contact) string { return GlobalID(typeContact, c.ID) }), UserErrors: refused,
		}
	})
}

// changedContact shows a contact as an act left it; null if there is none. It drops
// the contact from the loaders, so that it is read again.
func (s *scope) changedContact(c *inbox.Contact) *model.Contact {
	if c == nil || c.Gone() { // a repeat may find it gone
		return nil
	}
	s.loaders.contact.Clear(c.ID)
	return contactOf(c.ID, c.Name)
}
