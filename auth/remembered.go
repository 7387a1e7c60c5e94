package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// rememberedTokens bounds how many verified tokens are remembered.
const rememberedTokens = 4096

// remembered are tokens that were verified with a secret. Verifier.Renew forgets them
// when others are accepted. It knows them by hash and holds no token. Tokens of an
// identity provider are verified each time, since its keys may be withdrawn.
type remembered struct {
	claims *lru.Cache[[sha256.Size]byte, Claims]

	mu       sync.Mutex // of Renew alone
	accepted [][]byte   // the secrets when Renew was last called
}

func newRemembered() (*remembered, error) {
	cache, err := lru.New[[sha256.Size]byte, Claims](rememberedTokens)
	return &remembered{claims: cache}, err
}

// find gives the claims of a token that was verified before and still holds.
func (r *remembered) find(token string) (Claims, bool) {
	claims, ok := r.claims.Get(sha256.Sum256([]byte(token)))
	return claims, ok && time.Now().Before(claims.Expires)
}

func (r *remembered) keep(token string, claims Claims) {
	r.claims.Add(sha256.Sum256([]byte(token)), claims)
}
