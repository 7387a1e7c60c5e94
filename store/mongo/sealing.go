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

// SealingKeys gives the secrets that cursors are sealed with, oldest first.
func (s *Store) SealingKeys(ctx context.Context) ([]cluster.SealingKey, int, error) {
	doc, err := findOne[document.Sealing](ctx, s, s.settings, bson.D{{Key: "_id", Value: document.SealingID}})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fault("read the cursors' keys", err)
	}
	return doc.SealingKeys(), doc.Revision, nil
}

// SaveSealingKeys replaces the keys of that revision. It returns ErrStale if
// another revision is stored.
func (s *Store) SaveSealingKeys(ctx context.Context, keys []cluster.SealingKey, revision int) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc := document.OfSealingKeys(keys, revision+1)
	if revision == 0 {
		_, err := s.settings.InsertOne(ctx, doc)
		if isDuplicate(err) {
			return commit.ErrStale
		}
		return fault("keep the cursors' keys", err)
	}
	replaced, err := s.settings.ReplaceOne(ctx, bson.D{{Key: "_id", Value: document.SealingID}, {Key: "revision", Value: revision}}, doc)
	if err == nil && replaced.MatchedCount == 0 {
		return commit.ErrStale
	}
	return fault("keep the cursors' keys", err)
}
