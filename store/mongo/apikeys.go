package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// WorkspaceOfKey returns the workspace of a key, also of a revoked one.
func (s *Store) WorkspaceOfKey(ctx context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	doc, err := findOne[document.APIKey](ctx, s, s.keys, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return "", missing("API key", "read an API key", err)
	}
	return doc.Workspace, nil
}

// KeyUsed notes the use of a key. An earlier time changes nothing. Two servers may insert
// the first use at once: the one that meets the id updates.
func (s *Store) KeyUsed(ctx context.Context, ws workspace.WorkspaceID, use workspace.KeyUse) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	its := bson.D{{Key: "_id", Value: use.Key}, {Key: "workspace", Value: ws}}
	note := func() (known bool, err error) {
		res, err := s.keyUses.UpdateOne(ctx, its, bson.D{{Key: "$max", Value: bson.D{{Key: "at", Value: use.At}}}})
		if err == nil && res.MatchedCount > 0 && use.Secret > 0 {
			_, err = s.keyUses.UpdateOne(ctx, append(its, olderUse(use)), bson.D{{Key: "$set", Value: bson.D{
				{Key: placeOf(use), Value: document.SecretUse{Number: use.Secret, At: use.At}},
			}}})
		}
		return err == nil && res.MatchedCount > 0, err
	}
	known, err := note()
	if err == nil && !known {
		_, err = s.keyUses.InsertOne(ctx, document.KeyUse{ID: use.Key, Workspace: ws}.With(use))
	}
	if isDuplicate(err) {
		_, err = note()
	}
	return fault("note the use of an API key", err)
}

// placeOf is the field of the secret of use.
func placeOf(use workspace.KeyUse) string { return "secrets." + document.SecretPlace(use.Secret) }

// olderUse finds a key in which the place of the secret has nothing, an earlier secret, or an
// earlier use of the same one.
func olderUse(use workspace.KeyUse) bson.E {
	place := placeOf(use)
	before := func(field string, value any) bson.E {
		return bson.E{Key: place + "." + field, Value: bson.D{{Key: "$lt", Value: value}}}
	}
	return bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: place, Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{before("number", use.Secret)},
		bson.D{{Key: place + ".number", Value: use.Secret}, before("at", use.At)},
	}}
}

// KeyUses returns when each key was last used. Keys that were never used have no
// entry.
func (s *Store) KeyUses(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error) {
	docs, err := byIDs(ctx, s, s.keyUses, ws, ids, all[document.KeyUse])
	if err != nil {
		return nil, fault("read the uses of API keys", err)
	}
	out := make(map[workspace.KeyID]workspace.KeyUses, len(docs))
	for _, d := range docs {
		out[d.ID] = d.Uses()
	}
	return out, nil
}

// MessageByExternalID finds the event that wrote the message with that external id
// into the conversation.
func (s *Store) MessageByExternalID(ctx context.Context, ws workspace.WorkspaceID, c inbox.ConversationID, externalID string) (inbox.Message, error) {
	filter := bson.D{{Key: "workspace", Value: ws}, {Key: "conversation", Value: c}, {Key: "externalId", Value: externalID}}
	doc, err := findOne[document.MessageEntry](ctx, s, s.events, filter, options.FindOne().SetHint("external_id"))
	if err != nil {
		return inbox.Message{}, missing("message", "read a message", err)
	}
	return doc.Message.Message(), nil
}
