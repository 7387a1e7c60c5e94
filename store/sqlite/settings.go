package sqlite

import (
	"context"
	"database/sql"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// Secret returns the 32 random bytes that sign now.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	secrets, _, err := s.Secrets(ctx)
	return secrets.Signing(time.Now()), err
}

// Secrets returns the installation's secrets. The first is made when first asked for.
func (s *Store) Secrets(ctx context.Context) (cluster.Secrets, int, error) {
	var doc document.Secret
	known := false
	read := func(tx *sql.Tx) (err error) {
		doc, known, err = get[document.Secret](tx, settingDocs, document.SecretID)
		return err
	}
	err := s.view(ctx, read)
	if err == nil && !known {
		err = s.update(ctx, func(tx *sql.Tx) error {
			if err := read(tx); err != nil || known {
				return err
			}
			doc = document.NewSecret()
			return put(tx, settingDocs, stored{ID: document.SecretID, Doc: doc})
		})
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
	err := s.update(ctx, func(tx *sql.Tx) error {
		now, known, err := get[document.Secret](tx, settingDocs, document.SecretID)
		if err == nil && (!known || now.Revision != revision) {
			err = commit.ErrStale
		}
		if err != nil {
			return err
		}
		return put(tx, settingDocs, stored{ID: document.SecretID, Doc: document.OfSecrets(secrets, revision+1)})
	})
	return fault("keep the secret", err)
}

// SealingKeys returns the secrets that cursors are sealed with, oldest first, and their
// revision; 0 when there never were any.
func (s *Store) SealingKeys(ctx context.Context) (keys []cluster.SealingKey, revision int, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		doc, ok, err := get[document.Sealing](tx, settingDocs, document.SealingID)
		if err != nil || !ok {
			return err
		}
		keys, revision = doc.SealingKeys(), doc.Revision
		return nil
	})
	return keys, revision, fault("read the cursors' keys", err)
}

// SaveSealingKeys replaces the keys of that revision. It returns ErrStale if another
// revision is stored.
func (s *Store) SaveSealingKeys(ctx context.Context, keys []cluster.SealingKey, revision int) error {
	doc := document.OfSealingKeys(keys, revision+1)
	err := s.update(ctx, func(tx *sql.Tx) error {
		now, _, err := get[document.Sealing](tx, settingDocs, document.SealingID)
		if err == nil && now.Revision != revision {
			err = commit.ErrStale
		}
		if err != nil {
			return err
		}
		return put(tx, settingDocs, stored{ID: document.SealingID, Rev: doc.Revision, Doc: doc})
	})
	return fault("keep the cursors' keys", err)
}
