package mongo

import (
	"context"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
)

// ownershipSnapshotDoc is the part of a conversation's document that a snapshot needs.
type ownershipSnapshotDoc struct {
	ID      inbox.ConversationID `bson:"_id"`
	Version int                  `bson:"version"`
}

// OwnershipSnapshots returns the versions of the conversations that the view holds within
// the reach, up to limit.
func (s *Store) OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]desk.OwnershipSnapshot, error) {
	filter := conversationConditions(q)
	if filter.never || limit <= 0 {
		return nil, nil
	}
	// One batch holds them all: by default the first holds a hundred.
	o := options.Find().SetLimit(int64(limit)).SetProjection(bson.D{{Key: "version", Value: 1}})
	o.SetBatchSize(int32(min(limit, math.MaxInt32))) //nolint:gosec // bounded
	if !filter.plain("workspace", "places") {
		o.SetHint(indexFor(q))
	}
	docs, err := find[ownershipSnapshotDoc](ctx, s, s.conversations, filter.filter(), o)
	if err != nil {
		return nil, fault("read standings", err)
	}
	out := make([]desk.OwnershipSnapshot, 0, len(docs))
	for _, d := range docs {
		out = append(out, desk.OwnershipSnapshot(d))
	}
	return out, nil
}
