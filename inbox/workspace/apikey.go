package workspace

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// KeyID names an API key.
type KeyID string

// APIKey lets another system act in a workspace. Its secret is not stored: the
// stored hash cannot be turned back into it.
type APIKey struct {
	ID        KeyID
	Workspace WorkspaceID
	Name      string
	// Role is RoleIntegration or RolePartner.
	Role RoleName
	// Permissions are those granted to a key with the role of a partner; other
	// roles have theirs from the policy.
	Permissions []Permission
	// Hash is the SHA-256 of the secret, in hex; empty once the key was revoked.
	// A secret of 256 random bits needs no slower hash.
	Hash      string
	CreatedAt time.Time
	CreatedBy Actor
	// RevokedAt is when the key ended; zero while it holds.
	RevokedAt time.Time
	Rev       int
}

const (
	keyMark = "sbk_"
	// keySecretBytes is how much of a secret is random.
	keySecretBytes = 32
	// maxSecret bounds what is taken for a secret, in bytes.
	maxSecret = 200
)

// IsAPIKey reports whether a bearer token has the form of an API key.
func IsAPIKey(token string) bool { return strings.HasPrefix(token, keyMark) }

// APIKeyID returns the id of the key that a secret belongs to; ok is false if the
// text is not a secret of a key. It does not check whether the secret is genuine:
// APIKey.Accepts does.
func APIKeyID(secret string) (id KeyID, ok bool) {
	rest, ok := strings.CutPrefix(secret, keyMark)
	if !ok || len(secret) > maxSecret {
		return "", false
	}
	name, random, ok := strings.Cut(rest, "_")
	return KeyID(name), ok && name != "" && random != ""
}

// Prefix is the part of the secret that may be shown: it identifies the key that a
// configuration holds.
func (k APIKey) Prefix() string { return keyMark + string(k.ID) }

// Revoked reports whether the key has ended.
func (k APIKey) Revoked() bool { return !k.RevokedAt.IsZero() }

// Accepts reports whether secret is this key's, in a time that does not depend
// on how much of it is right. A revoked key accepts nothing.
func (k APIKey) Accepts(secret string) bool {
	return !k.Revoked() && subtle.ConstantTimeCompare([]byte(hashOf(secret)), []byte(k.Hash)) == 1
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Drawn gives the key a new secret, which is to be shown once and is not
// kept.
func (k APIKey) Drawn() (APIKey, string) {
	random := make([]byte, keySecretBytes)
	_, _ = rand.Read(random) // never fails
	return k.WithSecret(random)
}

// WithSecret gives the key the secret that is made of random, which must be 32
// bytes that nobody can guess, and returns both.
func (k APIKey) WithSecret(random []byte) (APIKey, string) {
	secret := k.Prefix() + "_" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random)
	k.Hash = hashOf(secret)
	return k, secret
}

// Key finds an API key that was not revoked.
func (d *Directory) Key(id KeyID) (APIKey, bool) {
	k, ok := d.Keys[id]
	return k, ok && !k.Revoked()
}

// Vouches reports whether a token that the key handed out still holds. One that
// no key handed out does.
func (d *Directory) Vouches(id KeyID) bool {
	_, ok := d.Key(id)
	return id == "" || ok
}

// SortedKeys lists the API keys, revoked ones too, by name, then by id.
func (d *Directory) SortedKeys() []APIKey {
	out := make([]APIKey, 0, len(d.Keys))
	for _, k := range d.Keys {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b APIKey) int { return ByName(a.Name, b.Name, a.ID, b.ID) })
	return out
}
