package mongo

import (
	"context"
	"time"

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

// KeyUsed notes that a key was used at that time. An earlier time changes
// nothing: the filter passes a later one by, and the insert that it then tries
// meets the id.
func (s *Store) KeyUsed(ctx context.Context, ws workspace.WorkspaceID, id workspace.KeyID, at time.Time) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	older := bson.D{{Key: "_id", Value: id}, {Key: "workspace", Value: ws}, {Key: "at", Value: bson.D{{Key: "$lt", Value: at}}}}
	res, err := s.keyUses.UpdateOne(ctx, older, bson.D{{Key: "$set", Value: bson.D{{Key: "at", Value: at}}}})
	if err == nil && res.MatchedCount == 0 {
		_, err = s.keyUses.InsertOne(ctx, document.KeyUse{ID: id, Workspace: ws, At: at})
	}
	if isDuplicate(err) {
		return nil
	}
	return fault("note the use of an API key", err)
}

// KeyUses returns when each key was last used. Keys that were never used have no
// entry.
func (s *Store) KeyUses(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]time.Time, error) {
	docs, err := byIDs(ctx, s, s.keyUses, ws, ids, all[document.KeyUse])
	if err != nil {
		return nil, fault("read the uses of API keys", err)
	}
	out := make(map[workspace.KeyID]time.Time, len(docs))
	for _, d := range docs {
		out[d.ID] = d.At
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
