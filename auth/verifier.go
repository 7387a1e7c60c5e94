package auth

import (
	"context"
	"strings"
	"time"

	"switchboard/inbox/cluster"

	"github.com/golang-jwt/jwt/v5"
)

// Leeway is how far the clocks of issuer and server may be apart.
const Leeway = 30 * time.Second

// MaxToken is the longest token that is looked at, in bytes.
const MaxToken = 8 << 10

// Verifier decides whether a token is genuine. It is safe for concurrent use.
type Verifier struct {
	secrets  *OwnSecrets
	own      *source
	operator *source
	parser   *jwt.Parser
	seen     *remembered
}

// NewVerifier accepts tokens of the server itself, signed with ownSecret, and
// those of operator. It fails with ErrShortSecret.
func NewVerifier(ownSecret []byte, operator Operator) (*Verifier, error) {
	secrets, err := onlySecret(ownSecret)
	if err != nil {
		return nil, err
	}
	return secrets.Verifier(operator)
}

// Verifier is NewVerifier with all secrets that are accepted at the time.
func (o *OwnSecrets) Verifier(operator Operator) (*Verifier, error) {
	// Algorithm and claims are checked by the source, which knows its own.
	parser := jwt.NewParser(jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	seen, err := newRemembered()
	return &Verifier{secrets: o, own: ownSource(o, operator.source == nil), operator: operator.source, parser: parser, seen: seen}, err
}

// Renew takes up the installation's secrets as they are stored now. Tokens that a secret
// signed which is no longer accepted are refused from then on, those too that were
// verified before.
func (v *Verifier) Renew(secrets cluster.Secrets) {
	if len(secrets) == 0 {
		return
	}
	v.seen.mu.Lock()
	defer v.seen.mu.Unlock()
	accepted, changed := v.secrets.replace(secrets, v.seen.accepted)
	if v.seen.accepted = accepted; changed {
		v.seen.claims.Purge()
	}
}

// Verify checks a token's origin, signature, times, issuer, audience and form, and
// returns its claims. The error is an *inbox.Error: UNAUTHENTICATED with the
// reason, or UNAVAILABLE while the identity provider's keys cannot be fetched. It
// waits for those at most MaxKeyWait, and never repeats the token.
func (v *Verifier) Verify(ctx context.Context, token string) (Claims, error) {
	switch {
	case token == "":
		return Claims{}, refuse("There is no token. Send one as Authorization: Bearer TOKEN, or in the payload of connection_init.")
	case len(token) > MaxToken:
		return Claims{}, refuse("The token is longer than %d bytes. Ask its issuer for one with fewer claims.", MaxToken)
	}
	if claims, ok := v.seen.find(token); ok {
		return claims, nil
	}
	from := v.usual()
	var claims claimSet
	_, err := v.parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		var err error
		if from, err = v.sourceOf(t.Header); err != nil {
			return nil, err
		}
		return from.keyFor(ctx, t)
	})
	if err != nil {
		return Claims{}, explain(err, from)
	}
	out, err := from.check(&claims)
	if err != nil {
		return Claims{}, explain(err, from)
	}
	if from.secret {
		v.seen.keep(token, out)
	}
	return out, nil
}

// sourceOf selects the source by the key id alone. It never reads other header
// fields that can point at a key (jku, x5u, jwk, x5c).
func (v *Verifier) sourceOf(header map[string]any) (*source, error) {
	kid, _ := header["kid"].(string)
	if _, present := header["kid"]; present && kid == "" {
		return v.usual(), refuse("The token's key id (kid) is not a text. Ask its issuer to correct it.")
	}
	if _, present := header["crit"]; present {
		return v.usual(), refuse("The token demands extensions (crit) that this server does not know. Ask its issuer to leave them out.")
	}
	if !acceptedType(header["typ"]) {
		return v.usual(), refuse("The token is of a type (typ) that gives no access, such as a logout token. Send an access token.")
	}
	switch {
	case kid == OwnKeyID:
		return v.own, nil
	case v.operator != nil:
		return v.operator, nil
	default:
		return v.usual(), refuse("The token was not issued by this server, and no other issuer is configured (--jwks-url or --jwt-secret).")
	}
}

// usual is the source of most tokens. A refusal describes its rules if a token does
// not name a source.
func (v *Verifier) usual() *source {
	if v.operator != nil {
		return v.operator
	}
	return v.own
}

// acceptedType keeps tokens that the same issuer signs for other ends, such as
// logout and proof tokens, from being taken for access tokens.
func acceptedType(typ any) bool {
	if typ == nil {
		return true
	}
	name, ok := typ.(string)
	name = strings.TrimPrefix(strings.ToLower(name), "application/")
	return ok && (name == "jwt" || name == "at+jwt")
}
