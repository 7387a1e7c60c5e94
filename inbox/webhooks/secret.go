package webhooks

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"time"

	"switchboard/inbox/workspace"
)

const (
	// The marks of Standard Webhooks: a symmetric secret, and the public key of an
	// asymmetric signature.
	webhookSecretMark = "whsec_"
	webhookPublicMark = "whpk_"
	// webhookSecretBytes is the length of the symmetric secret, and of the seed behind it.
	webhookSecretBytes = 32
	// webhookHint is how much of a secret's end is shown.
	webhookHint = 4
)

// Material is what signs, opened: the symmetric secret and the asymmetric key.
type Material struct {
	Symmetric []byte
	Private   ed25519.PrivateKey
}

// DrawMaterial draws the 64 random bytes of a new secret.
func DrawMaterial() []byte {
	random := make([]byte, 2*webhookSecretBytes)
	_, _ = rand.Read(random) // never fails
	return random
}

// MaterialOf reads 64 bytes as DrawMaterial gives them; ok is false for any
// other number.
func MaterialOf(raw []byte) (m Material, ok bool) {
	if len(raw) != 2*webhookSecretBytes {
		return m, false
	}
	return Material{Symmetric: raw[:webhookSecretBytes], Private: ed25519.NewKeyFromSeed(raw[webhookSecretBytes:])}, true
}

// Shown is the symmetric secret as receivers configure it. It is shown once.
func (m Material) Shown() string {
	return webhookSecretMark + base64.StdEncoding.EncodeToString(m.Symmetric)
}

// PublicKey is the public key as receivers configure it.
func (m Material) PublicKey() string {
	public, _ := m.Private.Public().(ed25519.PublicKey)
	return webhookPublicMark + base64.StdEncoding.EncodeToString(public)
}

// Secret is the stored form of m, which sealed is the encryption of.
func (m Material) Secret(sealed []byte, since time.Time) workspace.WebhookSecret {
	shown := m.Shown()
	return workspace.WebhookSecret{Sealed: sealed, Hint: shown[len(shown)-webhookHint:], PublicKey: m.PublicKey(), Since: since}
}
