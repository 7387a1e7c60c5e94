package document

import (
	"crypto/rand"
	"fmt"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

// Secret is the installation's secret, with those before it that are still accepted.
type Secret struct {
	ID       string       `bson:"_id"`
	Value    []byte       `bson:"value"`
	From     time.Time    `bson:"from,omitempty"`
	Revision int          `bson:"revision,omitempty"` // none before the first rotation
	Past     []PastSecret `bson:"past,omitempty"`
}

// PastSecret is a secret that was replaced.
type PastSecret struct {
	Value []byte    `bson:"value"`
	From  time.Time `bson:"from,omitempty"`
	Until time.Time `bson:"until"`
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
	// WebhookKeyID is the id of the key of webhooks' secrets there.
	WebhookKeyID = "webhook key"
	// SealingID is the id of the keys of cursors there.
	SealingID = "cursor keys"
	// DemoID is the id of the record of demo workspaces there.
	DemoID = "demo"

	secretSize = 32 // bytes
)

// WebhookKey is the key that secrets of endpoints are sealed with.
type WebhookKey struct {
	ID    string `bson:"_id"`
	Value []byte `bson:"value"`
}

// Demo has the demo workspaces that were made at some time.
type Demo struct {
	ID         string                  `bson:"_id"`
	Workspaces []workspace.WorkspaceID `bson:"workspaces"`
}

// NewWebhookKey makes a key of 32 random bytes.
func NewWebhookKey() WebhookKey { return WebhookKey{ID: WebhookKeyID, Value: NewSecretValue()} }

// NewSecret makes a secret of 32 random bytes.
func NewSecret() Secret { return Secret{ID: SecretID, Value: NewSecretValue()} }

// NewSecretValue draws 32 random bytes.
func NewSecretValue() []byte {
	value := make([]byte, secretSize)
	_, _ = rand.Read(value) // never fails
	return value
}

// OfSecrets is the document of secrets, newest first, of a revision.
func OfSecrets(secrets cluster.Secrets, revision int) Secret {
	d := Secret{ID: SecretID, Value: secrets[0].Value, From: secrets[0].From, Revision: revision}
	for _, past := range secrets[1:] {
		d.Past = append(d.Past, PastSecret(past))
	}
	return d
}

// Secrets returns the secrets of the document, newest first; an error when one is not of
// the size that NewSecretValue draws.
func (d Secret) Secrets() (cluster.Secrets, error) {
	out := cluster.Secrets{{Value: d.Value, From: d.From.UTC()}}
	for _, past := range d.Past {
		out = append(out, cluster.Secret{Value: past.Value, From: past.From.UTC(), Until: past.Until.UTC()})
	}
	for _, one := range out {
		if len(one.Value) != secretSize {
			return nil, fmt.Errorf("the stored secret has %d bytes instead of %d", len(one.Value), secretSize)
		}
	}
	return out, nil
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
