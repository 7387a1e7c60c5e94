package auth

import (
	"context"
	"fmt"

	"switchboard/inbox"
)

// Authenticator answers who is asking, for every transport alike.
type Authenticator struct {
	Verifier    *Verifier
	Directories inbox.Directories
	// Keys finds API keys; nil refuses them.
	Keys *APIKeys
}

// Authenticate verifies a token or an API key and finds whom it speaks for. The error is an
// *inbox.Error with UNAUTHENTICATED, whose message may be shown and never holds
// the token, or with UNAVAILABLE when keys or directory cannot be had right now;
// any other error is a fault.
func (a Authenticator) Authenticate(ctx context.Context, token string) (inbox.Principal, error) {
	if a.Keys != nil && inbox.IsAPIKey(token) {
		return a.Keys.authenticate(ctx, a.Directories, token)
	}
	claims, err := a.Verifier.Verify(ctx, token)
	if err != nil {
		return inbox.Principal{}, err
	}
	dir, err := a.Directories.Directory(ctx, claims.Workspace)
	switch {
	case inbox.CodeOf(err) == inbox.NotFound:
		return inbox.Principal{}, stranger()
	case err != nil:
		return inbox.Principal{}, fmt.Errorf("load the directory of the caller: %w", err)
	}
	return Resolve(dir, claims)
}
