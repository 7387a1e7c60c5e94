package webhook

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// Vault seals the secrets of endpoints with a key that all servers share. It is safe for
// concurrent use.
type Vault struct{ aead cipher.AEAD }

// OpenVault reads the key, which is made when there is none. UNAVAILABLE.
func OpenVault(ctx context.Context, keys cluster.WebhookKeys) (*Vault, error) {
	key, err := keys.WebhookKey(ctx)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("the key of webhooks: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	return &Vault{aead}, err
}

// Seal encrypts what is to be stored of a secret.
func (v *Vault) Seal(_ context.Context, secret []byte) ([]byte, error) {
	nonce := make([]byte, v.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return v.aead.Seal(nonce, nonce, secret, nil), nil
}

// errSealed is a secret that was sealed elsewhere, or is damaged.
var errSealed = errors.New("webhook: the secret cannot be opened; rotate it")

// signer is what signs until a time; zero for no end.
type signer struct {
	webhooks.Material
	until time.Time
}

// signing are the secrets that sign at a time: an attempt asks right before it signs, so
// that one whose end has come signs nothing more.
func signing(all []signer, at time.Time) (out []webhooks.Material) {
	for _, s := range all {
		if s.until.IsZero() || at.Before(s.until) {
			out = append(out, s.Material)
		}
	}
	return out
}

// signers opens secrets, newest first.
func (v *Vault) signers(secrets []workspace.WebhookSecret) ([]signer, error) {
	var out []signer
	for _, s := range secrets {
		m, err := v.material(s)
		if err != nil {
			return nil, err
		}
		out = append(out, signer{m, s.Until})
	}
	return out, nil
}

func (v *Vault) material(s workspace.WebhookSecret) (webhooks.Material, error) {
	size := v.aead.NonceSize()
	if len(s.Sealed) < size {
		return webhooks.Material{}, errSealed
	}
	raw, err := v.aead.Open(nil, s.Sealed[:size], s.Sealed[size:], nil)
	m, ok := webhooks.MaterialOf(raw)
	if err != nil || !ok {
		return webhooks.Material{}, errSealed
	}
	return m, nil
}
