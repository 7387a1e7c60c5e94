package document

import (
	"crypto/rand"
	"fmt"
	"switchboard/inbox/cluster"
	"time"
)

// Secret is a secret that is made once for a database.
type Secret struct {
	ID    string `bson:"_id"`
	Value []byte `bson:"value"`
}

// Sealing is the one document of all keys, so that they change together.
type Sealing struct {
	ID       string       `bson:"_id"`
	Revision int          `bson:"revision"`
	Keys     []SealingKey `bson:"keys"`
}

// SealingKey is one secret that cursors are sealed with, and the time from which it
// is used.
type SealingKey struct {
	ID     int64     `bson:"id"`
	Secret []byte    `bson:"secret,omitempty"`
	From   time.Time `bson:"from"`
}

const (
	// SecretID is the id of the installation's secret among the settings.
	SecretID = "secret"
	// SealingID is the id of the keys of cursors there.
	SealingID = "cursor keys"

	secretSize = 32 // bytes
)

// NewSecret makes a secret of 32 random bytes.
func NewSecret() Secret {
	s := Secret{ID: SecretID, Value: make([]byte, secretSize)}
	_, _ = rand.Read(s.Value) // never fails
	return s
}

// Bytes returns the secret; an error when it is not one that NewSecret made.
func (s Secret) Bytes() ([]byte, error) {
	if len(s.Value) != secretSize {
		return nil, fmt.Errorf("the stored secret has %d bytes instead of %d", len(s.Value), secretSize)
	}
	return s.Value, nil
}

// OfSealingKeys is the document of keys, of a revision.
func OfSealingKeys(keys []cluster.SealingKey, revision int) Sealing {
	d := Sealing{ID: SealingID, Revision: revision}
	for _, k := range keys {
		d.Keys = append(d.Keys, SealingKey{ID: int64(k.ID), Secret: k.Secret, From: k.From})
	}
	return d
}

// SealingKeys returns the keys of the document, oldest first.
func (d Sealing) SealingKeys() []cluster.SealingKey {
	keys := make([]cluster.SealingKey, len(d.Keys))
	for i, k := range d.Keys {
		keys[i] = cluster.SealingKey{ID: uint32(k.ID), Secret: k.Secret, From: k.From.UTC()} // it was one
	}
	return keys
}
