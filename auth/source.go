package auth

import (
	"context"
	"errors"
	"slices"
	"strings"

	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
)

// OwnKeyID is the kid of tokens that are signed with the server's own secret.
// It is reserved: no other source is ever asked for it.
const OwnKeyID = "switchboard"

// OwnIssuer is iss and aud of those tokens.
const OwnIssuer = "switchboard"

// MinSecret is the shortest secret that is accepted, in bytes: HS256 is no
// stronger than its key.
const MinSecret = 32

// ErrShortSecret is a secret of less than MinSecret bytes.
var ErrShortSecret = errors.New("auth: the secret is shorter than 32 bytes")

// Operator is where the tokens of members and AI agents come from, when that is
// not the server itself. Its zero value is "nowhere". Operators are made by
// FromSecret and FromJWKS.
type Operator struct{ source *source }

// FromSecret accepts HS256 tokens that are signed with secret, which the operator
// shares with the issuer of the tokens, or with one of those before it. It returns
// ErrShortSecret for a secret that is too short.
func FromSecret(secret []byte, issuer, audience string, before ...[]byte) (Operator, error) {
	key, err := secretKey(append([][]byte{secret}, before...))
	if err != nil {
		return Operator{}, err
	}
	return newOperator(source{key: key, secret: true, methods: []string{"HS256"}, issuer: issuer, audience: audience})
}

// FromJWKS accepts tokens that are signed with a key of keys. Somebody must run
// keys.Run; until it has loaded keys, tokens are answered with UNAVAILABLE.
func FromJWKS(keys *KeySet, issuer, audience string) (Operator, error) {
	return FromJWKSIn(keys, issuer, audience, "")
}

// FromJWKSIn is FromJWKS for a provider whose tokens need not name a workspace: one
// that names none is for ws. Empty is no such workspace.
func FromJWKSIn(keys *KeySet, issuer, audience string, ws workspace.WorkspaceID) (Operator, error) {
	return newOperator(source{
		key: keys.key, methods: jwksAlgorithms(), issuer: issuer, audience: audience, workspace: ws,
	})
}

// ForItsClient accepts only tokens that were issued to the audience itself: one whose
// azp names another client was requested by that, though it may be for both. It is
// for ID tokens; those for an API are requested by many clients.
func (o Operator) ForItsClient() Operator {
	own := *o.source
	own.itsClient = true
	return Operator{source: &own}
}

func newOperator(s source) (Operator, error) {
	if s.issuer == "" || s.audience == "" {
		return Operator{}, errors.New("auth: issuer and audience are required")
	}
	s.kinds = []workspace.ActorKind{workspace.ActorMember, workspace.ActorAgent}
	s.prepare()
	return Operator{source: &s}, nil
}

// ownSource accepts the tokens that a Signer of this server made.
func ownSource(secrets *OwnSecrets, alone bool) *source {
	kinds := []workspace.ActorKind{workspace.ActorContact}
	if alone {
		kinds = append(kinds, workspace.ActorMember, workspace.ActorAgent)
	}
	s := &source{key: secrets.keys, secret: true, methods: []string{"HS256"}, issuer: OwnIssuer, audience: OwnIssuer, kinds: kinds}
	s.prepare()
	return s
}

// source is one origin of tokens with everything that binds it.
type source struct {
	key              func(context.Context, *jwt.Token) (any, error)
	methods          []string
	issuer, audience string
	kinds            []workspace.ActorKind
	// workspace is for tokens that name none; empty refuses them.
	workspace workspace.WorkspaceID
	validator *jwt.Validator
	// itsClient refuses tokens whose azp is not the audience.
	itsClient bool
	// secret says that the keys are secrets, and change with Verifier.Renew alone.
	secret bool
}

func (s *source) prepare() {
	s.validator = jwt.NewValidator(jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(Leeway),
		jwt.WithIssuer(s.issuer), jwt.WithAudience(s.audience))
}

func (s *source) algorithms() string { return strings.Join(s.methods, ", ") }

// keyFor gives the key for a token's header, which is not to be trusted yet. The
// algorithm is checked first, so that no key is found for a foreign one.
func (s *source) keyFor(ctx context.Context, token *jwt.Token) (any, error) {
	if !slices.Contains(s.methods, token.Method.Alg()) {
		return nil, jwt.ErrTokenUnverifiable
	}
	return s.key(ctx, token)
}

// check validates the claims of a token with a valid signature.
func (s *source) check(claims *claimSet) (Claims, error) {
	for _, name := range []string{"iss", "aud", "exp"} {
		if _, present := claims.MapClaims[name]; !present {
			return Claims{}, missingClaim(name)
		}
	}
	if err := s.validator.Validate(claims); err != nil {
		return Claims{}, err
	}
	if by, named := claims.MapClaims["azp"]; named && s.itsClient && by != s.audience {
		return Claims{}, refuse("The token was issued to another client (azp). Sign in on the pages of this server.")
	}
	if _, named := claims.MapClaims["workspace"]; !named && s.workspace != "" {
		claims.MapClaims["workspace"] = string(s.workspace)
	}
	out, err := claims.read()
	if err != nil {
		return Claims{}, err
	}
	out.ByID = s.secret
	if !slices.Contains(s.kinds, out.Kind) {
		return Claims{}, refuse("A token of the kind %q is not accepted from this issuer.", kindNames()[out.Kind])
	}
	return out, nil
}

func secretKey(secrets [][]byte) (func(context.Context, *jwt.Token) (any, error), error) {
	for i, secret := range secrets {
		if len(secret) < MinSecret {
			return nil, ErrShortSecret
		}
		secrets[i] = slices.Clone(secret)
	}
	return func(context.Context, *jwt.Token) (any, error) { return keySet(secrets), nil }, nil
}
