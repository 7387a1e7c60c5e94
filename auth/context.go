package auth

import (
	"context"
	"strings"

	"switchboard/inbox"
)

type principalKey struct{}

// NewContext gives a context that carries the caller.
func NewContext(ctx context.Context, p inbox.Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// FromContext gives the caller that NewContext put in; ok is false when there
// is none.
func FromContext(ctx context.Context) (p inbox.Principal, ok bool) {
	p, ok = ctx.Value(principalKey{}).(inbox.Principal)
	return p, ok
}

// Bearer takes the token out of the value of an Authorization header, or of the
// field of that name in the payload of connection_init. It gives the empty
// string, which no Verifier accepts, for an empty value and for another scheme.
func Bearer(value string) string {
	scheme, token, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
