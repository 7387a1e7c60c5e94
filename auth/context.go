package auth

import (
	"context"

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
