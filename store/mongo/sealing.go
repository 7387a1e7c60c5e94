package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

var _ cluster.SealingKeys = (*Store)(nil)

const sealingID = "cursor keys"

// SealingKeys gives the secrets that cursors are sealed with, oldest first.
func (s *Store) SealingKeys(ctx context.Context) ([]cluster.SealingKey, int, error) {
	doc, err := findOne[document.Sealing](ctx, s, s.settings, bson.D{{Key: "_id", Value: sealingID}})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fault("read the cursors' keys", err)
	}
	keys := make([]cluster.SealingKey, len(doc.Keys))
	for i, k := range doc.Keys {
		keys[i] = cluster.SealingKey{ID: uint32(k.ID), Secret: k.Secret, From: k.From.UTC()} // it was one
	}
	return keys, doc.Revision, nil
}

// SaveSealingKeys replaces the keys of that revision. It returns ErrStale if
// another revision is stored.
func (s *Store) SaveSealingKeys(ctx context.Context, keys []cluster.SealingKey, revision int) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc := document.Sealing{ID: sealingID, Revision: revision + 1}
	for _, k := range keys {
		doc.Keys = append(doc.Keys, document.SealingKey{ID: int64(k.ID), Secret: k.Secret, From: k.From})
	}
	if revision == 0 {
		_, err := s.settings.InsertOne(ctx, doc)
		if isDuplicate(err) {
			return commit.ErrStale
		}
		return fault("keep the cursors' keys", err)
	}
	replaced, err := s.settings.ReplaceOne(ctx, bson.D{{Key: "_id", Value: sealingID}, {Key: "revision", Value: revision}}, doc)
	if err == nil && replaced.MatchedCount == 0 {
		return commit.ErrStale
	}
	return fault("keep the cursors' keys", err)
}
