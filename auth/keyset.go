package auth

import (
	"context"
	"crypto/rsa"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"switchboard/inbox"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// The times that a KeySet keeps.
const (
	// KeyRefresh is how often keys are fetched when nothing asks for them.
	KeyRefresh = 15 * time.Minute
	// KeyGap is the least time between two fetches that tokens with unknown key
	// ids cause, so that made-up ids are no means to flood the provider.
	KeyGap = 10 * time.Second
	// KeyTimeout bounds one fetch.
	KeyTimeout = 5 * time.Second
	// MaxKeyWait bounds how long a request waits for a fetch.
	MaxKeyWait = 2 * time.Second
	// KeyRetry is the first pause after a fetch that failed. It doubles up to
	// MaxKeyRetry.
	KeyRetry    = time.Second
	MaxKeyRetry = 30 * time.Second
)

// minRSABits is what RFC 7518 demands.
const minRSABits = 2048

// KeySet holds the public keys of an identity provider, read from its JWKS
// address. Keys that were loaded once are kept while the provider is away.
type KeySet struct {
	url       string
	transport http.RoundTripper
	log       *slog.Logger
	loaded    *jwkset.MemoryJWKSet
	find      jwt.Keyfunc
	asked     chan struct{}

	mu sync.Mutex
	// attempt is closed when the fetch under way, or else the next one, ends.
	attempt chan struct{}
	last    time.Time
	// healthy says that the last fetch succeeded.
	healthy bool
}

// NewKeySet makes an empty set for a JWKS address. transport fetches it; nil is
// a plain one without idle connections. Run fills the set and keeps it fresh.
func NewKeySet(url string, transport http.RoundTripper, log *slog.Logger) (*KeySet, error) {
	if transport == nil {
		transport = &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: KeyTimeout}
	}
	loaded := jwkset.NewMemoryStorage()
	// A key that is meant for encryption verifies nothing.
	found, err := keyfunc.New(keyfunc.Options{Storage: loaded, UseWhitelist: []jwkset.USE{jwkset.UseSig, ""}})
	if err != nil {
		return nil, err
	}
	return &KeySet{
		url: url, transport: transport, log: log, loaded: loaded, find: found.Keyfunc,
		asked: make(chan struct{}, 1), attempt: make(chan struct{}),
	}, nil
}

// key finds the key that a token's header names. An unknown id causes a fetch,
// no more often than KeyGap, and waits for it no longer than MaxKeyWait.
func (k *KeySet) key(ctx context.Context, token *jwt.Token) (any, error) {
	if kid, _ := token.Header["kid"].(string); kid == "" {
		return nil, refuse("The token names no key (kid). Ask its issuer to add the key id to the header.")
	}
	key, err := k.find(token)
	if errors.Is(err, jwkset.ErrKeyNotFound) {
		k.awaitFetch(ctx)
		key, err = k.find(token)
	}
	switch {
	case err == nil && weak(key):
		return nil, refuse("The token is signed with an RSA key of less than %d bits. Ask its issuer for a longer one.", minRSABits)
	case err == nil:
		return key, nil
	case !errors.Is(err, jwkset.ErrKeyNotFound):
		return nil, refuse("The token's key (kid) is not meant for its algorithm. Get a new token.")
	case !k.isHealthy():
		return nil, &inbox.Error{Code: inbox.Unavailable,
			Message: "The keys of the identity provider cannot be loaded at the moment. Try again in a few seconds."}
	default:
		return nil, refuse("The token's key (kid) is not among those of the identity provider. Get a new token.")
	}
}

// awaitFetch asks for a fetch and waits for its end, if that can be soon.
func (k *KeySet) awaitFetch(ctx context.Context) {
	k.mu.Lock()
	attempt, due := k.attempt, k.untilAllowed()
	k.mu.Unlock()
	select {
	case k.asked <- struct{}{}:
	default: // somebody asked already
	}
	if due > 0 {
		return // the fetch comes, for the next request
	}
	ctx, cancel := context.WithTimeout(ctx, MaxKeyWait)
	defer cancel()
	select {
	case <-attempt:
	case <-ctx.Done():
	}
}

// untilAllowed is how long a fetch must still wait for KeyGap to pass. The
// caller holds mu.
func (k *KeySet) untilAllowed() time.Duration {
	if k.last.IsZero() {
		return 0
	}
	return KeyGap - time.Since(k.last)
}

func (k *KeySet) isHealthy() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.healthy
}

func weak(key any) bool {
	public, ok := key.(*rsa.PublicKey)
	return ok && public.N.BitLen() < minRSABits
}
