package auth_test

import (
	"context"
	"net/http"
	"testing"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// registry is a workspace whose members are found by address.
type registry struct {
	dir   *workspace.Directory
	asked []string
	fault error
}

func (r *registry) Directory(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	if ws != r.dir.Workspace.ID {
		return nil, inbox.Missing("workspace")
	}
	return r.dir, nil
}

func (r *registry) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}

func (r *registry) BindSignIn(_ context.Context, ws workspace.WorkspaceID, email, subject string) (workspace.MemberID, error) {
	r.asked = append(r.asked, string(ws)+" "+email+" "+subject)
	m, _ := r.dir.MemberByEmail(email)
	return m.ID, r.fault
}

// Whom a token of an identity provider lets in, and whom it binds. An id of ours
// as subject is nobody's there.
func TestFirstSignIn(t *testing.T) {
	k := newKeys(t)
	provider := newProvider(t, public("k", k.ed))
	set := running(t, provider.URL, http.DefaultTransport)
	jwks := newVerifiers(t, set).jwks
	made := func(sub string) token { return jwksToken(jwt.SigningMethodEdDSA, "k", k.ed).claim("sub", sub) }
	vouched := func(sub, email string) token {
		return made(sub).claim("email", email).claim("email_verified", true)
	}
	for name, row := range map[string]struct {
		token token
		who   string // empty is refused
		binds string
	}{
		"bound before":                    {vouched("idp|ann", "ann@acme.test"), "member-1", ""},
		"bound before, without address":   {made("idp|ann"), "member-1", ""},
		"for the first time":              {vouched("idp|ben", "ben@acme.test"), "member-2", "acme ben@acme.test idp|ben"},
		"in capitals":                     {vouched("idp|ben", "BEN@Acme.test"), "member-2", "acme BEN@Acme.test idp|ben"},
		"without address":                 {made("idp|ben"), "", ""},
		"address not vouched for":         {made("idp|ben").claim("email", "ben@acme.test"), "", ""},
		"address vouched for in words":    {made("idp|ben").claim("email", "ben@acme.test").claim("email_verified", "true"), "member-2", "acme ben@acme.test idp|ben"},
		"address vouched for by a number": {made("idp|ben").claim("email", "ben@acme.test").claim("email_verified", 1), "", ""},
		"a long s in the address":         {vouched("idp|ben", "ben@acme.te\u017ft"), "", ""},
		"a Kelvin sign in the address":    {vouched("idp|kim", "\u212aim@acme.test"), "", ""},
		"address said to be false":        {vouched("idp|ben", "ben@acme.test").claim("email_verified", false), "", ""},
		"an address of nobody":            {vouched("idp|eve", "eve@acme.test"), "", ""},
		"an empty address":                {vouched("idp|eve", ""), "", ""},
		"the address of who was removed":  {vouched("idp|new", "gone@acme.test"), "", ""},
		"an id of ours as subject":        {made("member-1"), "", ""},
		"an AI agent's id as subject":     {made("bot").claim("kind", "ai_agent"), "", ""},
		"an AI agent by its subject":      {made("idp|bot").claim("kind", "ai_agent"), "bot", ""},
		"an AI agent with somebody's":     {vouched("idp|ben", "ben@acme.test").claim("kind", "ai_agent"), "", ""},
		"an id of ours, and an own mail":  {vouched("member-1", "ben@acme.test"), "member-2", "acme ben@acme.test member-1"},
		"a workspace that is not theirs":  {vouched("idp|ben", "ben@acme.test").claim("workspace", "other"), "", ""},
		"a contact is no first sign-in":   {vouched("idp|ben", "ben@acme.test").claim("kind", "contact"), "", ""},
		"an address that is not a string": {made("idp|ben").claim("email", 7).claim("email_verified", true), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := acme()
			for id, email := range map[workspace.MemberID]string{"member-1": "ann@acme.test", "member-2": "ben@acme.test", "gone": "gone@acme.test", "twin-1": "kim@acme.test"} {
				m := dir.Members[id]
				m.Email = email
				dir.Members[id] = m
			}
			r := &registry{dir: dir}
			p, err := auth.Authenticator{Verifier: jwks, Directories: r, SignIns: r}.Authenticate(t.Context(), row.token.String())
			if row.binds != "" {
				require.Equal(t, []string{row.binds}, r.asked)
			} else {
				require.Empty(t, r.asked)
			}
			if row.who == "" {
				require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "%v", err)
				require.Zero(t, p)
				return
			}
			require.NoError(t, err)
			require.Equal(t, row.who, p.Actor.ID)
			require.Equal(t, workspace.WorkspaceID("acme"), p.Workspace)
			require.False(t, p.Expires.IsZero())

			if row.binds != "" {
				r.fault = &inbox.Error{Code: inbox.Unauthenticated, Message: "This address signs in with another identity already."}
				p, err = auth.Authenticator{Verifier: jwks, Directories: r, SignIns: r}.Authenticate(t.Context(), row.token.String())
				requireRefused(t, err, inbox.Unauthenticated, "another identity", "")
				require.Zero(t, p)
				_, err = auth.Authenticator{Verifier: jwks, Directories: r}.Authenticate(t.Context(), row.token.String())
				require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "nobody binds")
			}
		})
	}
}

// Whoever shares a secret with the server may name ids; so may the server.
func TestWhoMayNameIDs(t *testing.T) {
	k := newKeys(t)
	set := running(t, newProvider(t, public("k", k.ed)).URL, http.DefaultTransport)
	v := newVerifiers(t, set)
	for name, row := range map[string]struct {
		on    *auth.Verifier
		token token
		byID  bool
	}{
		"own":    {v.own, ownToken(), true},
		"secret": {v.secret, secretToken(), true},
		"JWKS":   {v.jwks, jwksToken(jwt.SigningMethodEdDSA, "k", k.ed), false},
	} {
		for range 2 { // the second may be remembered
			claims, err := row.on.Verify(t.Context(), row.token.String())
			require.NoError(t, err, name)
			require.Equal(t, row.byID, claims.ByID, name)
		}
	}
}
