package auth

import (
	"context"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Authenticator identifies the caller of a request, in the same way for every
// transport.
type Authenticator struct {
	Verifier    *Verifier
	Directories access.Directories
	// Keys finds API keys; nil refuses them.
	Keys *APIKeys
	// SignIns binds first sign-ins; nil binds none.
	SignIns SignIns
	// Admission refuses contacts whose token was revoked. If it is nil, the
	// services that they call must do that; they do for each operation anyway.
	Admission Admission
	// Confirm reads the stored directory before somebody unknown is refused; nil
	// takes the word of Directories for it.
	Confirm *Confirmations
}

// Admission is access.Callers, which says what its method does.
type Admission interface {
	Admit(ctx context.Context, p inbox.Principal) error
}

// SignIns is admin.Service, which says what its method does.
type SignIns interface {
	BindSignIn(ctx context.Context, ws workspace.WorkspaceID, email, subject string) (workspace.MemberID, error)
}

// Authenticate verifies a token or an API key and returns the principal that it
// belongs to. The error is an *inbox.Error: UNAUTHENTICATED if the same token will
// be refused again, with a message that may be shown and never contains the token;
// WORKSPACE_SUSPENDED while the caller's workspace is suspended;
// UNAVAILABLE if keys or directory cannot be read right now, or a sandbox is being put back. Any other error is a
// fault.
func (a Authenticator) Authenticate(ctx context.Context, token string) (inbox.Principal, error) {
	if a.Keys != nil && workspace.IsAPIKey(token) {
		return a.Keys.authenticate(ctx, a, token)
	}
	claims, err := a.Verifier.Verify(ctx, token)
	if err != nil {
		return inbox.Principal{}, err
	}
	return lookUp(ctx, a, claims.Workspace, stranger(claims), func(d *workspace.Directory) (inbox.Principal, bool, error) {
		p, err := Resolve(d, claims)
		if err == nil {
			return p, true, a.admit(ctx, p)
		}
		if a.firstSignIn(d, claims) {
			if err := served(d); err != nil {
				return inbox.Principal{}, true, err
			}
			p, err = a.bind(ctx, claims)
			return p, true, err
		}
		return inbox.Principal{}, false, nil
	})
}

// lookUp finds a caller in the directory in memory, and then in the stored one,
// which may contain a caller that this server has not received yet. It searches the
// stored one only for genuine tokens and keys.
func lookUp(ctx context.Context, a Authenticator, ws workspace.WorkspaceID, unknown error,
	find func(*workspace.Directory) (p inbox.Principal, found bool, err error)) (inbox.Principal, error) {
	d, err := a.Directories.Directory(ctx, ws)
	for confirmed := false; ; confirmed = true {
		if err != nil && inbox.CodeOf(err) != inbox.NotFound {
			return inbox.Principal{}, fmt.Errorf("load the directory of the caller: %w", err)
		}
		if err == nil {
			p, found, err := find(d)
			if found && err == nil {
				err = served(d)
			}
			if found && confirmed && err == nil {
				a.learn(d, p)
			}
			if found {
				return p, err
			}
		}
		if confirmed || a.Confirm == nil {
			return inbox.Principal{}, unknown
		}
		d, err = a.Confirm.directory(ctx, ws)
	}
}

// served refuses every caller of a suspended workspace, who is known to it, and of a
// sandbox that is being put back.
func served(d *workspace.Directory) error {
	switch {
	case d.Workspace.Suspended():
		return inbox.Suspended()
	case d.Workspace.Resetting():
		return inbox.Resetting()
	}
	return nil
}

// learn copies the stored directory's entry for a caller into memory, where the
// caller's requests look next. The feed brings the rest.
func (a Authenticator) learn(d *workspace.Directory, p inbox.Principal) {
	a.Directories.Applied(p.Workspace, workspace.DirectoryChange{Workspace: &d.Workspace})
	switch p.Actor.Kind {
	case workspace.ActorMember:
		m := d.Members[workspace.MemberID(p.Actor.ID)]
		a.Directories.Applied(p.Workspace, workspace.DirectoryChange{Member: &m})
	case workspace.ActorAgent:
		agent := d.Agents[workspace.AgentID(p.Actor.ID)]
		a.Directories.Applied(p.Workspace, workspace.DirectoryChange{Agent: &agent})
	case workspace.ActorPartner:
		key := d.Keys[workspace.KeyID(p.Actor.ID)]
		a.Directories.Applied(p.Workspace, workspace.DirectoryChange{Key: &key})
	case workspace.ActorContact, workspace.ActorSystem:
	}
}

// admit refuses a contact whose token was revoked.
func (a Authenticator) admit(ctx context.Context, p inbox.Principal) error {
	if p.Actor.Kind != workspace.ActorContact || a.Admission == nil {
		return nil
	}
	return a.Admission.Admit(ctx, p)
}

// firstSignIn reports whether an unknown caller may be a member who never signed
// in: the issuer vouches for the address of one. Only then is the database
// searched, so that strangers cost nothing.
func (a Authenticator) firstSignIn(dir *workspace.Directory, claims Claims) bool {
	if a.SignIns == nil || claims.Kind != workspace.ActorMember || !claims.EmailVerified || claims.Email == "" {
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
		Workspace: claims.Workspace, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(id)}, Expires: claims.Expires,
	}, nil
}
