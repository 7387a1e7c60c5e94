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
	// SignIns binds first sign-ins; nil binds none.
	SignIns SignIns
	// Admission refuses contacts whose token was revoked; nil leaves that to whoever
	// is asked by them, who must do so for each operation anyway.
	Admission Admission
}

// Admission is inbox.Service, which says what its method does.
type Admission interface {
	Admit(ctx context.Context, p inbox.Principal) error
}

var _ Admission = (*inbox.Service)(nil)

// SignIns is inbox.Service, which says what its method does.
type SignIns interface {
	BindSignIn(ctx context.Context, ws inbox.WorkspaceID, email, subject string) (inbox.MemberID, error)
}

var _ SignIns = (*inbox.Service)(nil)

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
	p, err := Resolve(dir, claims)
	switch {
	case err != nil && a.firstSignIn(dir, claims):
		return a.bind(ctx, claims)
	case err == nil && p.Actor.Kind == inbox.ActorContact && a.Admission != nil:
		err = a.Admission.Admit(ctx, p)
	}
	return p, err
}

// firstSignIn reports whether somebody unknown may be a member who never signed
// in: the issuer vouches for the address of one. Nobody is looked for in the
// database before that, so that strangers cost nothing.
func (a Authenticator) firstSignIn(dir *inbox.Directory, claims Claims) bool {
	if a.SignIns == nil || claims.Kind != inbox.ActorMember || !claims.EmailVerified || claims.Email == "" {
		return false
	}
	_, known := dir.MemberByEmail(claims.Email)
	return known
}

func (a Authenticator) bind(ctx context.Context, claims Claims) (inbox.Principal, error) {
	id, err := a.SignIns.BindSignIn(ctx, claims.Workspace, claims.Email, claims.Subject)
	if err != nil {
		return inbox.Principal{}, err
	}
	return inbox.Principal{
		Workspace: claims.Workspace, Actor: inbox.Actor{Kind: inbox.ActorMember, ID: string(id)}, Expires: claims.Expires,
	}, nil
}
