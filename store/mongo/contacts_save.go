package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// SaveContacts writes one change of contacts in one transaction.
func (s *Store) SaveContacts(ctx context.Context, save commit.ContactSave) (commit.Propagation, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var spread commit.Propagation
	err := s.transact(ctx, transaction{
		do: func(tx context.Context) (err error) {
			spread, err = s.writeContacts(tx, save)
			return err
		},
		done: func(ctx context.Context) (bool, error) {
			return save.Event.ID != "" && s.saved(ctx, save.Event), nil
		},
	})
	return spread, fault("save contacts", err)
}

func (s *Store) saved(ctx context.Context, e inbox.Event) bool {
	there, err := s.recorded(ctx, e)
	return err == nil && there
}

func (s *Store) writeContacts(tx context.Context, save commit.ContactSave) (commit.Propagation, error) {
	for _, c := range save.Contacts {
		if c.Workspace != save.Workspace {
			return commit.Propagation{}, errors.New("store: save contacts: a contact is of another workspace")
		}
		if err := s.writeContact(tx, c); err != nil {
			return commit.Propagation{}, err
		}
	}
	if save.Audit != nil {
		if err := s.writeAudit(tx, *save.Audit); err != nil {
			return commit.Propagation{}, err
		}
	}
	if save.Event.ID != "" {
		doc := document.OfEvent(save.Event).Preview()
		doc.Record = document.ContactRecord
		if _, err := s.events.InsertOne(tx, doc); isDuplicate(err) {
			return commit.Propagation{}, commit.ErrDuplicateKey
		} else if err != nil {
			return commit.Propagation{}, err
		}
	}
	if save.Copy == nil {
		return commit.Propagation{Done: true}, nil
	}
	return s.copyContact(tx, *save.Copy)
}

// writeContact sets the fields of one contact and leaves others that a later version
// may keep. ErrStale unless the stored revision is the one before.
func (s *Store) writeContact(tx context.Context, c inbox.Contact) error {
	doc := document.OfContact(c)
	if c.Rev == document.FirstRev {
		_, err := s.contacts.InsertOne(tx, doc)
		if isDuplicate(err) {
			return commit.ErrDuplicateKey
		}
		return err
	}
	filter := bson.D{{Key: "_id", Value: c.ID}, {Key: "workspace", Value: c.Workspace}, ofRevision(c.Rev - 1)}
	if c.Gone() && c.ExternalID == "" {
		return s.rewriteContact(tx, filter, doc)
	}
	res, err := s.contacts.UpdateOne(tx, filter, amend("", doc).update())
	switch {
	case isDuplicate(err):
		return commit.ErrDuplicateKey
	case err == nil && res.MatchedCount == 0:
		return commit.ErrStale
	}
	return err
}

// rewriteContact writes the document of an erased contact anew, so that nothing is
// left in it that another version of the program kept, nor in an index.
func (s *Store) rewriteContact(tx context.Context, filter bson.D, doc document.Contact) error {
	res, err := s.contacts.DeleteOne(tx, filter)
	switch {
	case err != nil:
		return err
	case res.DeletedCount == 0:
		return commit.ErrStale
	}
	_, err = s.contacts.InsertOne(tx, doc)
	return err
}

// holdContact gives ErrStale unless the contact is of the revision, and makes a
// change of it meanwhile meet this transaction.
func (s *Store) holdContact(tx context.Context, ws workspace.WorkspaceID, g commit.ContactGuard) error {
	filter := bson.D{{Key: "_id", Value: g.ID}, {Key: "workspace", Value: ws}, ofRevision(g.Rev)}
	res, err := s.contacts.UpdateOne(tx, filter, bson.D{{Key: "$inc", Value: bson.D{{Key: "uses", Value: 1}}}})
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	return err
}

// copyContact brings the next conversations of a contact up to date, each with an
// event of its own, as it is in the transaction.
func (s *Store) copyContact(tx context.Context, k commit.ContactCopying) (commit.Propagation, error) {
	if err := s.holdContact(tx, k.Contact.Workspace, commit.ContactGuard{ID: k.Contact.ID, Rev: k.Contact.Rev}); err != nil {
		return commit.Propagation{}, err
	}
	docs, err := s.behind(tx, k)
	if err != nil {
		return commit.Propagation{}, err
	}
	out, erased, err := s.committer.follow(tx, k, docs[:min(len(docs), k.Limit)])
	if err != nil {
		return commit.Propagation{}, err
	}
	if k.Contact.Erased {
		if err := s.forgetContact(tx, k.Contact.Workspace, erased); err != nil {
			return commit.Propagation{}, err
		}
	}
	if len(docs) > k.Limit {
		return out, nil
	}
	out.Done = true
	_, err = s.contacts.UpdateOne(tx, inWorkspace(k.Contact.Workspace, k.Contact.ID), bson.D{{Key: "$unset", Value: bson.D{{Key: "emptyingSince", Value: ""}}}})
	return out, err
}

// follow makes the changes of conversations together, and returns their events.
func (c *committer) follow(
	tx context.Context, k commit.ContactCopying, docs []document.Conversation,
) (out commit.Propagation, ids []inbox.ConversationID, err error) {
	if len(docs) == 0 {
		return out, nil, nil
	}
	all := make([]*pending, 0, len(docs))
	for _, d := range docs {
		all = append(all, &pending{change: k.Follow(d.State.Conversation())})
	}
	if err := c.writeEvents(tx, all); errors.Is(err, errGuards) {
		return out, nil, commit.ErrStale
	} else if err != nil {
		return out, nil, err
	}
	for _, p := range all {
		out.Events, ids = append(out.Events, p.event), append(ids, p.event.Conversation)
	}
	return out, ids, nil
}

// behind reads one conversation more than the limit, to know whether there is one.
func (s *Store) behind(tx context.Context, k commit.ContactCopying) ([]document.Conversation, error) {
	var docs []document.Conversation
	filters := []bson.D{{{Key: "contact", Value: k.Contact.ID}, otherCopyRevision(k.Contact.CopyRevision)}}
	if len(k.Contact.Merged) > 0 {
		filters = append(filters, bson.D{{Key: "contact", Value: bson.D{{Key: "$in", Value: k.Contact.Merged}}}})
	}
	for _, filter := range filters {
		filter = append(bson.D{{Key: "workspace", Value: k.Contact.Workspace}}, filter...)
		more, err := find[document.Conversation](tx, s, s.conversations, filter, options.Find().SetHint("contact").SetLimit(int64(k.Limit+1)))
		if err != nil {
			return nil, err
		}
		docs = append(docs, more...)
	}
	return docs, nil
}

// forgetContact removes the contact's data from the stored events of some
// conversations.
func (s *Store) forgetContact(tx context.Context, ws workspace.WorkspaceID, in []inbox.ConversationID) error {
	if len(in) == 0 {
		return nil
	}
	_, err := s.events.UpdateMany(tx,
		bson.D{
			{Key: "workspace", Value: ws}, {Key: "conversation", Value: bson.D{{Key: "$in", Value: in}}}, {Key: "record", Value: document.EventRecord},
			{Key: "after", Value: bson.D{{Key: "$exists", Value: true}}},
		},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "after.contactName", Value: ""}}},
			{Key: "$unset", Value: bson.D{{Key: "after.contactEmail", Value: ""}, {Key: "after.contactPhone", Value: ""}, {Key: "wasContact", Value: ""}}},
		})
	return err
}

// keepContact inserts c unless it is there. ErrDuplicateKey when its external id
// belongs to another contact, or its id to one of another workspace: the
// conversation names c by id and would name nobody.
func (s *Store) keepContact(tx context.Context, c inbox.Contact) error {
	doc := document.OfContact(c)
	doc.ID = "" // the filter gives it
	_, err := s.contacts.UpdateOne(tx, bson.D{{Key: "_id", Value: c.ID}, {Key: "workspace", Value: c.Workspace}},
		bson.D{{Key: "$setOnInsert", Value: doc}}, options.UpdateOne().SetUpsert(true))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}
