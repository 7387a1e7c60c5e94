package guard

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// maxToken is the longest bearer token looked at, in bytes.
const maxToken = 8 << 10

// Authenticator finds out who a bearer token stands for.
type Authenticator interface {
	// Authenticate returns the identity behind token. It fails with an
	// *AuthError; any other error counts as AuthUnavailable with its text hidden,
	// so that a fault never looks like a bad token. It must respect ctx.
	Authenticate(ctx context.Context, token string) (Identity, error)
}

// Identity is what this package needs to know of whoever asks.
type Identity struct {
	// Context returns ctx with the principal in it, for resolvers to find.
	// Nil leaves the context as it is.
	Context func(ctx context.Context) context.Context
	// Expires is when the token ends; a socket is closed then. Zero means never.
	Expires time.Time
	// Key names the identity in logs, and whose account operations go on. It must
	// hold no secret.
	Key string
	// Tenant names those with whom the identity shares a budget, such as its
	// workspace, and Class the kind of caller that it is: see Class.
	Tenant, Class string
	// Connected hears of each connection of the identity that stays open, and its
	// answer is called when that one is gone. Nil when nobody wants to know. It
	// must not block.
	Connected func() (left func())
}

// AuthKind says why a token was refused.
type AuthKind int

// Kinds of refusal.
const (
	// AuthInvalid is a token that is malformed, unsigned, revoked or foreign.
	AuthInvalid AuthKind = iota + 1
	// AuthExpired is a token that was good once.
	AuthExpired
	// AuthUnavailable is no verdict at all: try again later.
	AuthUnavailable
	// AuthForbidden is a caller who is known and not let in for now, with a Code.
	AuthForbidden
)

// AuthError refuses a token.
type AuthError struct {
	Kind AuthKind
	// Message is shown to the client. Empty stands for a plain default.
	Message string
	// Code is shown beside the message of AuthForbidden; other kinds have codes of their
	// own.
	Code string
	// Err is the cause, for logs only.
	Err error
}

// Error returns the message and the cause; the latter is not for clients.
func (e *AuthError) Error() string {
	if e.Err == nil {
		return e.Public()
	}
	return e.Public() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *AuthError) Unwrap() error { return e.Err }

// Public returns the message alone, which clients may see.
func (e *AuthError) Public() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Kind == AuthExpired:
		return "token expired"
	case e.Kind == AuthUnavailable:
		return "authentication is temporarily unavailable"
	default:
		return "invalid token"
	}
}

// asAuthError returns the AuthError in err, or an unavailable one around it.
func asAuthError(err error) *AuthError {
	var refused *AuthError
	if errors.As(err, &refused) {
		return refused
	}
	return &AuthError{Kind: AuthUnavailable, Err: err}
}

// Authenticate asks a for the identity behind token. A panic inside counts as
// unavailable: whoever cannot be identified gets nothing executed.
func Authenticate(ctx context.Context, a Authenticator, token string) (id Identity, refused *AuthError) {
	defer func() {
		if r := recover(); r != nil {
			id, refused = Identity{}, &AuthError{Kind: AuthUnavailable, Err: errors.New("authenticator panicked")}
		}
	}()
	id, err := a.Authenticate(ctx, token)
	if err != nil {
		return Identity{}, asAuthError(err)
	}
	return id, nil
}

// Within returns ctx as the identity wants resolvers to see it.
func (id Identity) Within(ctx context.Context) context.Context {
	ctx = withCaller(ctx, caller{key: id.Key, tenant: id.Tenant, class: id.Class})
	if id.Context == nil {
		return ctx
	}
	return id.Context(ctx)
}

var (
	errNoToken    = &AuthError{Kind: AuthInvalid, Message: "token missing: send Authorization: Bearer <token>"}
	errNotBearer  = &AuthError{Kind: AuthInvalid, Message: "authorization must be: Bearer <token>"}
	errTokenLong  = &AuthError{Kind: AuthInvalid, Message: "token too long"}
	errManyTokens = &AuthError{Kind: AuthInvalid, Message: "send one Authorization header"}
)

// HeaderToken returns the bearer token of a request. Its errors are AuthInvalid.
func HeaderToken(h http.Header) (string, *AuthError) {
	switch values := h.Values("Authorization"); len(values) {
	case 0:
		return "", errNoToken
	case 1:
		return bearer(values[0])
	default:
		return "", errManyTokens
	}
}

// InitToken returns the bearer token among the members of the payload with which a
// client opens a connection or, when they name none, that of upgraded, the headers of
// its upgrade. Its errors are AuthInvalid.
func InitToken(members map[string]json.RawMessage, upgraded http.Header) (string, *AuthError) {
	for _, name := range []string{"Authorization", "authorization"} {
		if raw, ok := members[name]; ok {
			var value string
			if json.Unmarshal(raw, &value) != nil {
				return "", errNotBearer
			}
			if strings.TrimSpace(value) != "" {
				return bearer(value)
			}
		}
	}
	return HeaderToken(upgraded)
}

// bearer returns the token of "Bearer x"; the scheme is case-insensitive.
func bearer(value string) (string, *AuthError) {
	if strings.TrimSpace(value) == "" {
		return "", errNoToken
	}
	if len(value) > maxToken+len("Bearer ") {
		return "", errTokenLong
	}
	scheme, token, ok := strings.Cut(strings.TrimSpace(value), " ")
	token = strings.TrimSpace(token)
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t\r\n") {
		return "", errNotBearer
	}
	return token, nil
}

// ReportConnected reports a connection that stays open to whoever wants to know; left
// is to be called once, when it is gone.
func (id Identity) ReportConnected() (left func()) {
	if id.Connected == nil {
		return func() {}
	}
	return id.Connected()
}
