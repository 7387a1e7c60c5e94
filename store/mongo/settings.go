package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/store/document"
)

// Secret gives the 32 random bytes that sign demo and contact tokens. They are
// made when first asked for and never change, whichever server asks.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
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
		return nil, fault("read the secret", err)
	}
	secret, err := doc.Bytes()
	return secret, fault("read the secret", err)
}

func (s *Store) secret(ctx context.Context) (document.Secret, error) {
	return findOne[document.Secret](ctx, s, s.settings, bson.D{{Key: "_id", Value: document.SecretID}})
}
