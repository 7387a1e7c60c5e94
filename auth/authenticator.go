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
}

// Authenticate verifies a token and finds whom it speaks for. The error is an
// *inbox.Error with UNAUTHENTICATED, whose message may be shown and never holds
// the token, or with UNAVAILABLE when keys or directory cannot be had right now;
// any other error is a fault.
func (a Authenticator) Authenticate(ctx context.Context, token string) (inbox.Principal, error) {
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
