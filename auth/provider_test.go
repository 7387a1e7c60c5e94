package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"switchboard/auth"

	"github.com/stretchr/testify/require"
)

// jwk is a key as an identity provider publishes it.
type jwk map[string]any

// provider is an identity provider whose keys and health a test sets.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(http.ResponseWriter)
	asked  chan struct{}
}

func newProvider(t testing.TB, keys ...jwk) *provider {
	t.Helper()
	p := &provider{asked: make(chan struct{}, 64)}
	p.publish(keys...)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		answer := p.answer
		p.mu.Unlock()
		answer(w)
		select {
		case p.asked <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) set(answer func(http.ResponseWriter)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *provider) publish(keys ...jwk) {
	p.set(func(w http.ResponseWriter) { _ = json.NewEncoder(w).Encode(map[string]any{"keys": keys}) })
}

// running makes a key set for url whose Run ends with the test.
func running(t testing.TB, url string, transport http.RoundTripper) *auth.KeySet {
	t.Helper()
	set, err := auth.NewKeySet(url, transport, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	runUntilCleanup(t, set)
	return set
}

// keys are one of each sort, made once a test.
type keys struct {
	rsa, weak *rsa.PrivateKey
	ec        *ecdsa.PrivateKey
	ed        ed25519.PrivateKey
}

func newKeys(t testing.TB) keys {
	t.Helper()
	var k keys
	var err error
	k.rsa, err = rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	k.weak, err = rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	k.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	_, k.ed, err = ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return k
}

// public writes a key as a JWK without "alg", as many providers do.
func public(kid string, key crypto.Signer) jwk {
	encode := base64.RawURLEncoding.EncodeToString
	switch k := key.Public().(type) {
	case *rsa.PublicKey:
		return jwk{"kty": "RSA", "kid": kid, "n": encode(k.N.Bytes()), "e": encode(big.NewInt(int64(k.E)).Bytes())}
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			panic(err)
		}
		return jwk{"kty": "EC", "kid": kid, "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:])}
	case ed25519.PublicKey:
		return jwk{"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": encode(k)}
	}
	panic("no such key")
}

// with is a copy of the key with one more member.
func (k jwk) with(name string, value any) jwk {
	out := jwk{name: value}
	for n, v := range k {
		if n != name {
			out[n] = v
		}
	}
	return out
}
