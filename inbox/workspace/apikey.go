package workspace

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strconv"
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
	// Hash is the SHA-256 of the newest secret, in hex; empty once the key was revoked.
	// A secret of 256 random bits needs no slower hash.
	Hash string
	// Hint is how the newest secret ends; empty for one from before hints were kept.
	Hint string
	// Rotations counts how often the secret was replaced, and RotatedAt is when that was
	// last; zero for the first secret, which is as old as the key.
	Rotations int
	RotatedAt time.Time
	// Earlier are the secrets before the newest, newest first, which are accepted for a
	// while more. Those whose end has come may be among them.
	Earlier   []KeySecret
	CreatedAt time.Time
	CreatedBy Actor
	// ExpiresAt is the first moment at which the key is refused; zero if it has no end.
	ExpiresAt time.Time
	// RevokedAt is when the key ended; zero while it holds.
	RevokedAt time.Time
	Rev       int
}

const (
	keyMark = "sbk_"
	// keySecretBytes is how much of a secret is random.
	keySecretBytes = 32
	// keyHint is how many characters of the end of a secret are shown: the others are
	// more than anybody can guess.
	keyHint = 4
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

// rotationMark is how a secret that replaced another tells its number, so that a server
// which has not received it yet can know that it has not.
func rotationMark(rotations int) string {
	if rotations == 0 {
		return ""
	}
	return strconv.Itoa(rotations+1) + "_"
}

// Issued reports whether the key, as it is known here, can have had this secret: one with
// a greater number may have replaced it on another server. It does not check whether the
// secret is genuine.
func (k APIKey) Issued(secret string) bool {
	mark, _, marked := strings.Cut(strings.TrimPrefix(secret, k.Prefix()+"_"), "_")
	number, err := strconv.Atoi(mark)
	return !marked || err != nil || number <= k.Rotations+1
}

// Prefix is the part of the secret that may be shown: it identifies the key that a
// configuration holds.
func (k APIKey) Prefix() string { return keyMark + string(k.ID) }

// Feeds reports whether the key may feed conversations of some kind.
func (k APIKey) Feeds() bool {
	replies := func(p Permission) bool { return p.Action == PermReply }
	return k.Role == RoleIntegration || slices.ContainsFunc(k.Permissions, replies)
}

// Revoked reports whether the key has ended.
func (k APIKey) Revoked() bool { return !k.RevokedAt.IsZero() }

// Expired reports whether the end of the key has come.
func (k APIKey) Expired(now time.Time) bool { return ended(k.ExpiresAt, now) }

// Accepts returns the number of the secret if it is this key's now, in a time that does
// not depend on how much of it is right. A key that was revoked or has expired accepts
// nothing.
func (k APIKey) Accepts(secret string, now time.Time) (number int, ok bool) {
	hash := []byte(hashOf(secret))
	for _, one := range k.Secrets(now) {
		if subtle.ConstantTimeCompare(hash, []byte(one.Hash)) == 1 {
			number = one.Number
		}
	}
	return number, number > 0 && !k.Revoked() && !k.Expired(now)
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
	secret := k.Prefix() + "_" + rotationMark(k.Rotations) + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random)
	k.Hash, k.Hint = hashOf(secret), secret[len(secret)-keyHint:]
	return k, secret
}

// Key finds an API key that was not revoked. Whether it has expired depends on the time:
// see APIKey.Expired.
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
