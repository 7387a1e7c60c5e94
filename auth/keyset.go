package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"switchboard/inbox"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"
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

const (
	// maxKeyWaiters bounds how many requests wait for a fetch at the same time.
	// One more is answered with UNAVAILABLE at once.
	maxKeyWaiters = 256
	// pendingTokens bounds for how many tokens with an unknown key it is remembered
	// when they were first seen.
	pendingTokens = 4096
)

// KeySet holds the public keys of an identity provider, read from its JWKS
// address. Keys that were loaded once are kept while the provider is away.
type KeySet struct {
	// locate gives the address of the keys.
	locate    func(context.Context) (string, error)
	redirects func(next *http.Request, before []*http.Request) error
	transport http.RoundTripper
	log       *slog.Logger
	asked     chan struct{}
	waiters   chan struct{}
	// pending remembers, by the hash of a token whose key is unknown, how many
	// fetches had begun when the token was first seen.
	pending *lru.Cache[[sha256.Size]byte, uint64]

	mu sync.Mutex
	// published is the last key set that was read.
	published keyDocument
	// begun counts fetches, and answered is the number of the last one that
	// brought keys.
	begun, answered uint64
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
	pending, err := lru.New[[sha256.Size]byte, uint64](pendingTokens)
	return &KeySet{
		locate: func(context.Context) (string, error) { return url, nil }, redirects: noDowngrade, transport: transport, log: log, pending: pending,
		asked: make(chan struct{}, 1), waiters: make(chan struct{}, maxKeyWaiters), attempt: make(chan struct{}),
	}, err
}

// key finds the keys that a token's header names; the token is genuine if one of
// them made its signature. A key id without a usable key causes a fetch, at most
// one each KeyGap. The answer is UNAUTHENTICATED only if a fetch that began after
// the token was first seen brought no such key. Until then it is UNAVAILABLE: the
// provider may have published the key a moment ago.
func (k *KeySet) key(ctx context.Context, token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	if kid == "" {
		return nil, refuse("The token names no key (kid). Ask its issuer to add the key id to the header.")
	}
	published, _ := k.state()
	if published.keys[kid] == nil {
		first := k.firstSeen(token.Raw)
		k.awaitFetch(ctx)
		var answered uint64
		if published, answered = k.state(); published.keys[kid] == nil && answered <= first {
			return nil, notYetKnown()
		}
	}
	return published.verifying(kid, token.Method.Alg())
}

func notYetKnown() *inbox.Error {
	return &inbox.Error{Code: inbox.Unavailable,
		Message: "The token's key (kid) is not known yet, and the keys of the identity provider could not be fetched again so far. Try again in a few seconds."}
}

// state is the last key set and the number of the fetch that brought it.
func (k *KeySet) state() (keyDocument, uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.published, k.answered
}

// firstSeen is how many fetches had begun when the token was first seen with an
// unknown key. It goes by the token, not by its key id: anybody can make up an
// id that the provider publishes later, and nobody the provider's token.
func (k *KeySet) firstSeen(raw string) uint64 {
	k.mu.Lock()
	begun := k.begun
	k.mu.Unlock()
	if first, seen, _ := k.pending.PeekOrAdd(sha256.Sum256([]byte(raw)), begun); seen {
		return first
	}
	return begun
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
	select {
	case k.waiters <- struct{}{}:
		defer func() { <-k.waiters }()
	default:
		return
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
