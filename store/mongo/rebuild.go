package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// derivedVersion counts the changes of Words, of storedFacets and of other fields
// that lists find conversations and contacts by. After each change the stored
// fields have to be computed again.
const derivedVersion = 4

// rebuildBatch is how many conversations are looked at at once.
const rebuildBatch = 200

type derivedVersionDoc struct {
	ID      string `bson:"_id"`
	Version int    `bson:"version"`
}

// rebuildDerived computes the fields again that lists find stored conversations by, if an
// earlier version wrote them. It may run on several servers at once, and again
// after an interruption. Conversations that a server of an earlier version writes
// afterwards keep that version's fields until they change again.
func (s *Store) rebuildDerived(ctx context.Context, progress Progress) error {
	made, err := find[derivedVersionDoc](ctx, s, s.settings, bson.D{{Key: "_id", Value: "words"}})
	if err != nil {
		return fault("read the version of the words", err)
	}
	if len(made) > 0 && made[0].Version >= derivedVersion {
		return nil
	}
	r := rebuilding{s, progress}
	if err := r.conversations(ctx); err != nil {
		return fault("rebuild the search fields", err)
	}
	if err := r.contacts(ctx); err != nil {
		return fault("make the words of contacts again", err)
	}
	_, err = s.settings.ReplaceOne(ctx, bson.D{{Key: "_id", Value: "words"}},
		derivedVersionDoc{ID: "words", Version: derivedVersion}, options.Replace().SetUpsert(true))
	if isDuplicate(err) { // another server was faster
		return nil
	}
	return fault("write the version of the words", err)
}

// rebuilding computes fields again that an earlier version wrote.
type rebuilding struct {
	s        *Store
	progress Progress
}

func (r rebuilding) conversations(ctx context.Context) error {
	total, err := r.s.conversations.EstimatedDocumentCount(ctx)
	if err != nil {
		return err
	}
	cursor, err := r.s.conversations.Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	for done := 0; ; {
		batch, err := next[document.Conversation](ctx, cursor, rebuildBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		done += len(batch)
		r.progress("conversations", min(done, int(total)), int(total))
		if err := r.next(ctx, batch); err != nil {
			return err
		}
	}
}

func (r rebuilding) next(ctx context.Context, batch []document.Conversation) error {
	contacts, err := r.contactsOf(ctx, batch)
	if err != nil {
		return err
	}
	if err := r.feeders(ctx, batch); err != nil {
		return err
	}
	for _, stored := range batch {
		c := stored.State.Conversation()
		if known, ok := contacts[c.Contact]; ok && known.Workspace == c.Workspace && c.ContactEmail == "" {
			c.ContactEmail, c.ContactPhone = known.Email, known.Phone
		}
		if err := r.conversation(ctx, stored, document.OfConversation(c)); err != nil {
			return err
		}
	}
	return nil
}

// contactsOf reads the contacts of the conversations that hold no address.
func (r rebuilding) contactsOf(ctx context.Context, batch []document.Conversation) (map[inbox.ContactID]document.Contact, error) {
	var ids []inbox.ContactID
	var of []workspace.WorkspaceID
	for _, d := range batch {
		if d.State.ContactEmail == "" && d.State.Contact != "" {
			ids, of = append(ids, d.State.Contact), append(of, d.State.Workspace)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	named := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "workspace", Value: bson.D{{Key: "$in", Value: of}}}}
	docs, err := find[document.Contact](ctx, r.s, r.s.contacts, named, options.Find().SetHint("_id_"))
	out := make(map[inbox.ContactID]document.Contact, len(docs))
	for _, d := range docs {
		out[d.ID] = d
	}
	return out, err
}

// conversation writes the fields of a conversation that differ from the stored ones,
// unless the conversation changes meanwhile: that change writes them itself.
func (r rebuilding) conversation(ctx context.Context, stored, made document.Conversation) error {
	same := bson.D{
		{Key: "_id", Value: stored.State.ID}, {Key: "workspace", Value: stored.State.Workspace}, {Key: "version", Value: stored.State.Version},
		{Key: "subject", Value: stored.State.Subject}, {Key: "contactName", Value: stored.State.ContactName},
		sameCopyRevision(stored.State.ContactFace),
	}
	var set bson.D
	if !slices.Equal(stored.Words, made.Words) || !slices.Equal(stored.Derived.Places, made.Derived.Places) {
		set = bson.D{
			{Key: "words", Value: made.Words}, {Key: "places", Value: made.Derived.Places},
			{Key: "contactEmail", Value: made.State.ContactEmail}, {Key: "contactPhone", Value: made.State.ContactPhone},
		}
	}
	if stored.State.ClosedAt == nil {
		set = append(set, bson.E{Key: "closedAt", Value: made.State.ClosedAt})
	}
	if stored.State.Awaiting == nil {
		same = append(same, bson.E{Key: "awaitingReplySince", Value: bson.D{{Key: "$exists", Value: false}}})
		set = append(set, bson.E{Key: "awaitingReplySince", Value: made.State.Awaiting})
	}
	if len(set) == 0 {
		return nil
	}
	_, err := r.s.conversations.UpdateOne(ctx, same, bson.D{{Key: "$set", Value: set}})
	return err
}

// contacts also adds the fields for lists to contacts that were stored before
// there were such lists.
func (r rebuilding) contacts(ctx context.Context) error {
	cursor, err := r.s.contacts.Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	for cursor.Next(ctx) {
		var d document.Contact
		if err := cursor.Decode(&d); err != nil {
			return err
		}
		c := d.Contact()
		set := bson.D{{Key: "createdAt", Value: c.CreatedAt}}
		if words := document.Words(c.SearchText()); !c.Gone() && len(words) > 0 {
			set = append(set, bson.E{Key: "words", Value: words})
		}
		same := bson.D{{Key: "_id", Value: d.ID}, {Key: "workspace", Value: d.Workspace}, {Key: "name", Value: d.Name}, {Key: "email", Value: d.Email}, ofRevision(c.Rev)}
		if _, err := r.s.contacts.UpdateOne(ctx, same, bson.D{{Key: "$set", Value: set}}); err != nil {
			return err
		}
	}
	return cursor.Err()
}
