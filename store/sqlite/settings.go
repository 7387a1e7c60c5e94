package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

const (
	// secretSize is the length of the secret in bytes.
	secretSize = 32
	secretID   = "secret"
	sealingID  = "cursor keys"
)

// Secret returns the 32 random bytes that sign demo and contact tokens. They are made
// when first asked for and never change.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	var doc document.Secret
	known := false
	read := func(tx *sql.Tx) (err error) {
		doc, known, err = get[document.Secret](tx, settingDocs, secretID)
		return err
	}
	err := s.view(ctx, read)
	if err == nil && !known {
		err = s.update(ctx, func(tx *sql.Tx) error {
			if err := read(tx); err != nil || known {
				return err
			}
			doc = document.Secret{ID: secretID, Value: make([]byte, secretSize)}
			_, _ = rand.Read(doc.Value) // never fails
			return put(tx, settingDocs, stored{ID: secretID, Doc: doc})
		})
	}
	if err == nil && len(doc.Value) != secretSize {
		err = fmt.Errorf("the stored secret has %d bytes instead of %d", len(doc.Value), secretSize)
	}
	if err != nil {
		return nil, fault("read the secret", err)
	}
	return doc.Value, nil
}

var _ cluster.SealingKeys = (*Store)(nil)

// SealingKeys returns the secrets that cursors are sealed with, oldest first, and their
// revision; 0 when there never were any.
func (s *Store) SealingKeys(ctx context.Context) (keys []cluster.SealingKey, revision int, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		doc, ok, err := get[document.Sealing](tx, settingDocs, sealingID)
		if err != nil || !ok {
			return err
		}
		keys, revision = make([]cluster.SealingKey, len(doc.Keys)), doc.Revision
		for i, k := range doc.Keys {
			keys[i] = cluster.SealingKey{ID: uint32(k.ID), Secret: k.Secret, From: k.From.UTC()} // it was one
		}
		return nil
	})
	return keys, revision, fault("read the cursors' keys", err)
}

// SaveSealingKeys replaces the keys of that revision. It returns ErrStale if another
// revision is stored.
func (s *Store) SaveSealingKeys(ctx context.Context, keys []cluster.SealingKey, revision int) error {
	doc := document.Sealing{ID: sealingID, Revision: revision + 1}
	for _, k := range keys {
		doc.Keys = append(doc.Keys, document.SealingKey{ID: int64(k.ID), Secret: k.Secret, From: k.From})
	}
	err := s.update(ctx, func(tx *sql.Tx) error {
		now, _, err := get[document.Sealing](tx, settingDocs, sealingID)
		if err == nil && now.Revision != revision {
			err = commit.ErrStale
		}
		if err != nil {
			return err
		}
		return put(tx, settingDocs, stored{ID: sealingID, Rev: doc.Revision, Doc: doc})
	})
	return fault("keep the cursors' keys", err)
}
