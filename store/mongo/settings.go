package mongo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/store/document"
)

// secretSize is the length of the secret in bytes.
const secretSize = 32

// Secret gives the 32 random bytes that sign demo and contact tokens. They are
// made when first asked for and never change, whichever server asks.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc, err := s.secret(ctx)
	if errors.Is(err, driver.ErrNoDocuments) {
		doc = document.Secret{ID: "secret", Value: make([]byte, secretSize)}
		_, _ = rand.Read(doc.Value) // never fails
		_, err = s.settings.InsertOne(ctx, doc)
		if isDuplicate(err) { // another server was faster
			doc, err = s.secret(ctx)
		}
	}
	if err == nil && len(doc.Value) != secretSize {
		err = fmt.Errorf("the stored secret has %d bytes instead of %d", len(doc.Value), secretSize)
	}
	if err != nil {
		return nil, fault("read the secret", err)
	}
	return doc.Value, nil
}

func (s *Store) secret(ctx context.Context) (document.Secret, error) {
	return findOne[document.Secret](ctx, s, s.settings, bson.D{{Key: "_id", Value: "secret"}})
}
