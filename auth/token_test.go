package auth_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// What the servers of these tests are configured with.
const (
	issuer   = "https://id.example"
	audience = "support"
)

func ownSecret() []byte      { return []byte("the-server's-own-secret-32-bytes!!") }
func operatorSecret() []byte { return []byte("the-operator's-secret-of-32-bytes!") }

// token is one that a test makes wrong in one place.
type token struct {
	method jwt.SigningMethod
	key    any
	header map[string]any
	claims jwt.MapClaims
}

// ownToken, secretToken and jwksToken are genuine member tokens.
func ownToken() token {
	return token{method: jwt.SigningMethodHS256, key: ownSecret(),
		header: map[string]any{"kid": auth.OwnKeyID}, claims: memberClaims(auth.OwnIssuer, auth.OwnIssuer)}
}

func secretToken() token {
	return token{method: jwt.SigningMethodHS256, key: operatorSecret(), claims: memberClaims(issuer, audience)}
}

func jwksToken(method jwt.SigningMethod, kid string, key any) token {
	return token{method: method, key: key, header: map[string]any{"kid": kid}, claims: memberClaims(issuer, audience)}
}

func memberClaims(iss, aud string) jwt.MapClaims {
	return jwt.MapClaims{"iss": iss, "aud": aud, "sub": "member-1", "workspace": "acme", "exp": in(time.Hour)}
}

func in(d time.Duration) int64 { return time.Now().Add(d).Unix() }

// claim, without, head and signedBy give changed copies.
func (t token) claim(name string, value any) token {
	t.claims = maps.Clone(t.claims)
	t.claims[name] = value
	return t
}

func (t token) without(name string) token {
	t.claims = maps.Clone(t.claims)
	delete(t.claims, name)
	return t
}

func (t token) head(name string, value any) token {
	header := map[string]any{name: value}
	for n, v := range t.header {
		if n != name {
			header[n] = v
		}
	}
	t.header = header
	return t
}

func (t token) noKid() token {
	t.header = nil
	return t
}

func (t token) signedBy(method jwt.SigningMethod, key any) token {
	t.method, t.key = method, key
	return t
}

func (t token) contact() token { return t.claim("kind", "contact").claim("conversation", "conv-1") }

func (t token) String() string {
	made := jwt.NewWithClaims(t.method, t.claims)
	for name, value := range t.header {
		made.Header[name] = value
	}
	signed, err := made.SignedString(t.key)
	if err != nil {
		panic(err)
	}
	return signed
}

// verifiers are one server of each configuration.
type verifiers struct{ own, secret, jwks *auth.Verifier }

func newVerifiers(t testing.TB, set *auth.KeySet) verifiers {
	t.Helper()
	secret, err := auth.FromSecret(operatorSecret(), issuer, audience)
	require.NoError(t, err)
	jwks, err := auth.FromJWKS(set, issuer, audience)
	require.NoError(t, err)
	return verifiers{
		own: newVerifier(t, auth.Operator{}), secret: newVerifier(t, secret), jwks: newVerifier(t, jwks),
	}
}

func newVerifier(t testing.TB, operator auth.Operator) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(ownSecret(), operator)
	require.NoError(t, err)
	return v
}

// runUntilCleanup owns the goroutine of set.
func runUntilCleanup(t testing.TB, set *auth.KeySet) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- set.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
}

// requireRefused demands an error of that code whose message has the part and
// does not hold the token.
func requireRefused(t testing.TB, err error, code inbox.Code, part, raw string) {
	t.Helper()
	var typed *inbox.Error
	require.ErrorAs(t, err, &typed)
	require.Equal(t, code, typed.Code, typed.Message)
	require.Contains(t, typed.Message, part)
	if len(raw) > 8 {
		require.NotContains(t, typed.Message, raw[:8])
		require.NotContains(t, typed.Message, raw[len(raw)-8:])
	}
}
