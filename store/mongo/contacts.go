package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Contacts finds several contacts at once. Ids that do not exist have no entry.
func (s *Store) Contacts(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
	docs, err := byIDs(ctx, s, s.contacts, ws, ids, all[document.Contact])
	if err != nil {
		return nil, fault("read contacts", err)
	}
	out := make(map[inbox.ContactID]inbox.Contact, len(docs))
	for _, d := range docs {
		out[d.ID] = d.Contact()
	}
	return out, nil
}

// ContactByExternalID finds the contact that the caller knows by that id.
func (s *Store) ContactByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Contact, error) {
	filter := bson.D{{Key: "workspace", Value: ws}, {Key: "externalId", Value: externalID}}
	doc, err := findOne[document.Contact](ctx, s, s.contacts, filter, options.FindOne().SetHint("external_id"))
	if err != nil {
		return inbox.Contact{}, missing("contact", "read a contact", err)
	}
	return doc.Contact(), nil
}

// VerifiedContacts finds contacts by a verified address or number.
func (s *Store) VerifiedContacts(ctx context.Context, ws workspace.WorkspaceID, email, phone string, limit int) ([]inbox.Contact, error) {
	var out []inbox.Contact
	known := map[inbox.ContactID]bool{}
	for _, by := range []struct{ field, value, index string }{
		{"verifiedEmail", workspace.EmailKey(email), "verified_email"}, {"verifiedPhone", phone, "verified_phone"},
	} {
		if by.value == "" {
			continue
		}
		filter := bson.D{{Key: "workspace", Value: ws}, {Key: by.field, Value: by.value}}
		docs, err := find[document.Contact](ctx, s, s.contacts, filter, options.Find().SetHint(by.index).SetLimit(int64(limit)))
		if err != nil {
			return nil, fault("find contacts by verified address or number", err)
		}
		for _, d := range docs {
			if !known[d.ID] {
				known[d.ID] = true
				out = append(out, d.Contact())
			}
		}
	}
	return out, nil
}

// ListContacts answers a page of contacts, newest first.
func (s *Store) ListContacts(ctx context.Context, q contacts.ContactQuery) (inbox.Page[inbox.Contact], error) {
	page, err := list[document.Contact](ctx, s, listing{
		from: s.contacts, filter: contactConditions(q), field: "createdAt", desc: true,
		index: contactIndex(q), walked: []string{"workspace"}, page: q.Page,
	})
	if err != nil {
		return inbox.Page[inbox.Contact]{}, fault("list contacts", err)
	}
	return store.Convert(page, document.Contact.Contact), nil
}

// CountContacts counts the contacts that q would list, up to limit.
func (s *Store) CountContacts(ctx context.Context, q contacts.ContactQuery, limit int) (int, error) {
	if limit <= 0 {
		return 0, nil
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	n, err := s.contacts.CountDocuments(ctx, contactConditions(q).filter(), options.Count().SetLimit(int64(limit)).SetHint(contactIndex(q)))
	return int(n), fault("count contacts", err)
}

func contactConditions(q contacts.ContactQuery) conditions {
	c := conditions{doc: bson.D{{Key: "workspace", Value: q.Workspace}}}
	for _, prefix := range longestFirst(q.Search) {
		c.add("words", bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: document.EndOfPrefix(prefix)}}}})
	}
	unset := bson.D{{Key: "$exists", Value: false}}
	c.add("mergedInto", unset)
	c.add("erased", unset)
	return c
}

func contactIndex(q contacts.ContactQuery) string {
	if len(q.Search) > 0 {
		return "words"
	}
	return "by_creation"
}

// SpreadingContacts lists contacts whose last change not all of their conversations
// have, the longest pending first.
func (s *Store) SpreadingContacts(ctx context.Context, limit int) ([]inbox.Contact, error) {
	pending := bson.D{{Key: "emptyingSince", Value: bson.D{{Key: "$exists", Value: true}}}}
	docs, err := find[document.Contact](ctx, s, s.contacts, pending, options.Find().SetHint("emptying").SetLimit(int64(limit)))
	out := make([]inbox.Contact, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Contact())
	}
	return out, fault("list contacts that are being copied", err)
}
