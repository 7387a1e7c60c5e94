package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// Secret gives the 32 random bytes that sign now.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	secrets, _, err := s.Secrets(ctx)
	return secrets.Signing(time.Now()), err
}

// Secrets gives the installation's secrets. The first is made when first asked for,
// whichever server asks.
func (s *Store) Secrets(ctx context.Context) (cluster.Secrets, int, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc, err := s.secret(ctx)
	if errors.Is(err, driver.ErrNoDocuments) {
		doc = document.NewSecret()
		_, err = s.settings.InsertOne(ctx, doc)
		if isDuplicate(err) { // another server was faster
			doc, err = s.secret(ctx)
		}
	}
	if err != nil {
		return nil, 0, fault("read the secret", err)
	}
	secrets, err := doc.Secrets()
	return secrets, doc.Revision, fault("read the secret", err)
}

// SaveSecrets replaces the secrets of that revision. It returns ErrStale if another one is
// stored.
func (s *Store) SaveSecrets(ctx context.Context, secrets cluster.Secrets, revision int) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	seen := bson.D{{Key: "_id", Value: document.SecretID}, {Key: "revision", Value: revision}}
	if revision == 0 {
		seen[1].Value = bson.D{{Key: "$exists", Value: false}}
	}
	replaced, err := s.settings.ReplaceOne(ctx, seen, document.OfSecrets(secrets, revision+1))
	if err == nil && replaced.MatchedCount == 0 {
		return commit.ErrStale
	}
	return fault("keep the secret", err)
}

func (s *Store) secret(ctx context.Context) (document.Secret, error) {
	return findOne[document.Secret](ctx, s, s.settings, bson.D{{Key: "_id", Value: document.SecretID}})
}
