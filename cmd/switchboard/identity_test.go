package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/transport/guard"

	"github.com/stretchr/testify/require"
)

// Who signs for whom follows from the settings; contacts are always the
// server's own.
func TestIdentity(t *testing.T) {
	provider := authSettings{JWKSURL: "https://id.example.com/keys", Issuer: "https://id.example.com/", Audience: "support"}
	for name, row := range map[string]struct {
		settings      authSettings
		members, keys bool
	}{
		"of its own":           {authSettings{}, true, false},
		"by a secret":          {authSettings{JWTSecret: sharedSecret, Issuer: "i", Audience: "a"}, true, false},
		"by identity provider": {provider, false, true},
		"by OpenID Connect":    {authSettings{OIDCIssuer: "https://id.example.com", OIDCClientID: "c", Issuer: "https://id.example.com", Audience: "c"}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			who, err := newIdentity([]byte(dataSecret), row.settings, slog.New(slog.DiscardHandler))
			require.NoError(t, err)
			require.Equal(t, row.members, who.members != nil)
			require.Equal(t, row.keys, who.keys != nil)

			token, err := who.contactToken(inbox.Conversation{ID: "conv-1", Workspace: "demo", Contact: "contact-1"}, "")
			require.NoError(t, err)
			claims, err := who.verifier.Verify(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, auth.Claims{Workspace: "demo", Kind: workspace.ActorContact, Subject: "contact-1", ByID: true, Conversation: "conv-1", Expires: claims.Expires}, claims)
			if !row.members {
				return
			}
			token, err = who.members.Sign(inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}}, demoTokenTTL)
			require.NoError(t, err)
			claims, err = who.verifier.Verify(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, "m-1", claims.Subject)
		})
	}
}

// A secret that is shared makes the server's own secret worth nothing for
// members: whoever reads the data may not sign in by it.
func TestTheSecretOfTheDataSignsNoMembersBesideASharedOne(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	own, err := newIdentity([]byte(dataSecret), authSettings{}, log)
	require.NoError(t, err)
	token, err := own.members.Sign(inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}}, demoTokenTTL)
	require.NoError(t, err)
	shared, err := newIdentity([]byte(dataSecret), authSettings{JWTSecret: sharedSecret, Issuer: "i", Audience: "a"}, log)
	require.NoError(t, err)
	_, err = shared.verifier.Verify(t.Context(), token)
	require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err))
}

func TestIdentityRefusesAShortSecret(t *testing.T) {
	_, err := newIdentity([]byte("short"), authSettings{}, slog.New(slog.DiscardHandler))
	require.ErrorIs(t, err, auth.ErrShortSecret)
}

// directoriesOf answers every question alike.
type directoriesOf struct {
	directory *workspace.Directory
	err       error
}

// Directory answers.
func (d directoriesOf) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	return d.directory, d.err
}

// Applied does nothing.
func (directoriesOf) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}

// A bad token and a database that is away must not look alike: clients give up
// on the first and come back after the second.
func TestAuthenticator(t *testing.T) {
	who, err := newIdentity([]byte(dataSecret), authSettings{}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	token, err := who.members.Sign(inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}}, demoTokenTTL)
	require.NoError(t, err)
	ask := func(token string, d directoriesOf) (guard.Identity, error) {
		return authenticator{auth.Authenticator{Verifier: who.verifier, Directories: d}, nil, nil}.Authenticate(t.Context(), token)
	}

	known := directoriesOf{directory: demoDirectory("demo", true)}
	id, err := ask(token, known)
	require.NoError(t, err)
	require.Equal(t, "demo/"+string(workspace.ActorMember)+"/m-1", id.Key)
	require.False(t, id.Expires.IsZero())
	p, ok := auth.FromContext(id.Context(t.Context()))
	require.True(t, ok)
	require.Equal(t, workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}, p.Actor)

	for name, row := range map[string]struct {
		token       string
		directories directoriesOf
		kind        guard.AuthKind
	}{
		"garbage":            {"garbage", known, guard.AuthInvalid},
		"nothing":            {"", known, guard.AuthInvalid},
		"nobody there":       {token, directoriesOf{directory: demoDirectory("demo", true), err: inbox.Missing("workspace")}, guard.AuthInvalid},
		"the database away":  {token, directoriesOf{err: &inbox.Error{Code: inbox.Unavailable}}, guard.AuthUnavailable},
		"another fault":      {token, directoriesOf{err: errors.New("secret detail")}, guard.AuthUnavailable},
		"the caller is gone": {token, directoriesOf{err: context.Canceled}, guard.AuthUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(row.token, row.directories)
			var refused *guard.AuthError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, row.kind, refused.Kind)
			require.NotContains(t, refused.Message, "secret detail")
		})
	}
}
