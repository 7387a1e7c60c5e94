package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// ownershipSnapshotDoc is the part of a conversation's document that a standing needs.
type ownershipSnapshotDoc struct {
	ID      inbox.ConversationID `bson:"_id"`
	Kind    workspace.Kind       `bson:"kind"`
	Own     document.Ownership   `bson:"own"`
	Version int                  `bson:"version"`
}

// OwnershipSnapshots returns the ownership of the conversations that the view holds within
// the reach, up to limit.
func (s *Store) OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]desk.OwnershipSnapshot, error) {
	filter := conversationConditions(q)
	if filter.never || limit <= 0 {
		return nil, nil
	}
	o := options.Find().SetLimit(int64(limit)).SetProjection(bson.D{{Key: "kind", Value: 1}, {Key: "own", Value: 1}, {Key: "version", Value: 1}})
	if !filter.plain("workspace", "places") {
		o.SetHint(indexFor(q))
	}
	docs, err := find[ownershipSnapshotDoc](ctx, s, s.conversations, filter.filter(), o)
	if err != nil {
		return nil, fault("read standings", err)
	}
	out := make([]desk.OwnershipSnapshot, 0, len(docs))
	for _, d := range docs {
		out = append(out, desk.OwnershipSnapshot{ID: d.ID, Kind: d.Kind, Ownership: inbox.Ownership(d.Own), Version: d.Version})
	}
	return out, nil
}
