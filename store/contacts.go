package store

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"switchboard/inbox"
)

// Contacts finds many at once; what does not exist is left out.
func (s *Store) Contacts(ctx context.Context, ws inbox.WorkspaceID, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
	docs, err := byIDs(ctx, s, s.contacts, ids, func(d contactDoc) bool { return d.Workspace == ws })
	if err != nil {
		return nil, fault("read contacts", err)
	}
	out := make(map[inbox.ContactID]inbox.Contact, len(docs))
	for _, d := range docs {
		out[d.ID] = inbox.Contact(d)
	}
	return out, nil
}

// ContactByExternalID finds the contact that the caller knows by that id.
func (s *Store) ContactByExternalID(ctx context.Context, ws inbox.WorkspaceID, externalID string) (inbox.Contact, error) {
	filter := bson.D{{Key: "workspace", Value: ws}, {Key: "externalId", Value: externalID}}
	doc, err := findOne[contactDoc](ctx, s, s.contacts, filter, options.FindOne().SetHint("external_id"))
	if err != nil {
		return inbox.Contact{}, missing("contact", "read a contact", err)
	}
	return inbox.Contact(doc), nil
}

// keepContact inserts c unless it is there. ErrDuplicateKey when its external id
// belongs to another contact, or its id to one of another workspace: the
// conversation names c by id and would name nobody.
func (s *Store) keepContact(tx context.Context, c inbox.Contact) error {
	doc := contactDoc(c)
	doc.ID = "" // the filter gives it
	_, err := s.contacts.UpdateOne(tx, bson.D{{Key: "_id", Value: c.ID}, {Key: "workspace", Value: c.Workspace}},
		bson.D{{Key: "$setOnInsert", Value: doc}}, options.Update().SetUpsert(true))
	if isDuplicate(err) {
		return inbox.ErrDuplicateKey
	}
	return err
}
