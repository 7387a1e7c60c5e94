package auth_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// installation is a server, its directory in memory, and the stored one, which
// may be ahead of it.
type installation struct {
	k       keys
	e       *exchange
	memory  map[workspace.WorkspaceID]*workspace.Directory
	stored  map[workspace.WorkspaceID]*workspace.Directory
	keys    map[workspace.KeyID]workspace.WorkspaceID
	fault   error // of the database
	binding error // of a first sign-in
	reads   atomic.Int32
	learned []workspace.DirectoryChange
}

func newInstallation(k keys) *installation {
	in := &installation{k: k, e: &exchange{}, keys: map[workspace.KeyID]workspace.WorkspaceID{"k1": "acme", "k2": "acme"}}
	in.e.set(serving(public("1", k.ed)))
	in.memory = map[workspace.WorkspaceID]*workspace.Directory{"acme": acme()}
	in.stored = map[workspace.WorkspaceID]*workspace.Directory{"acme": acme()}
	return in
}

func (in *installation) Directory(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	if d, ok := in.memory[ws]; ok {
		return d, nil
	}
	if in.fault != nil {
		return nil, in.fault
	}
	return nil, inbox.Missing("workspace")
}

func (in *installation) load(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	in.reads.Add(1)
	if d, ok := in.stored[ws]; ok && in.fault == nil {
		return d, nil
	}
	if in.fault != nil {
		return nil, in.fault
	}
	return nil, inbox.Missing("workspace")
}

func (in *installation) Applied(_ workspace.WorkspaceID, c workspace.DirectoryChange) {
	in.learned = append(in.learned, c)
}

func (in *installation) BindSignIn(_ context.Context, ws workspace.WorkspaceID, email, _ string) (workspace.MemberID, error) {
	if in.binding != nil {
		return "", in.binding
	}
	m, _ := in.stored[ws].MemberByEmail(email)
	return m.ID, in.fault
}

func (in *installation) WorkspaceOfKey(_ context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	if ws, ok := in.keys[id]; ok && in.fault == nil {
		return ws, nil
	}
	if in.fault != nil {
		return "", in.fault
	}
	return "", inbox.Missing("API key")
}

func (in *installation) KeyUsed(context.Context, workspace.WorkspaceID, workspace.KeyUse) error {
	return nil
}

func (in *installation) authenticator(t *testing.T) auth.Authenticator {
	operator, err := auth.FromJWKS(running(t, "https://id.example/keys", in.e), issuer, audience)
	require.NoError(t, err)
	return auth.Authenticator{
		Verifier: newVerifier(t, operator), Directories: in, Keys: auth.NewAPIKeys(in, slog.New(slog.DiscardHandler)), SignIns: in,
		Confirm: auth.NewConfirmations(in.load),
	}
}

// token is a genuine one of the provider.
func (in *installation) token(sub string) token {
	return jwksToken(jwt.SigningMethodEdDSA, "1", in.k.ed).claim("sub", sub).claim("exp", int64(4e9))
}

func (in *installation) vouched(sub, email string) token {
	return in.token(sub).claim("email", email).claim("email_verified", true)
}

// add puts a member into the stored directory alone, as another server does.
func (in *installation) add(m workspace.Member) {
	m.Rev = 1
	in.stored["acme"].Members[m.ID] = m
}

const (
	accepted = ""
	final    = inbox.Unauthenticated
	passing  = inbox.Unavailable
)

// Every way in which Authenticate returns: what is refused for good would be
// refused again, and whatever may pass by itself is answered so that clients come
// again.
func TestEachOutcomeIsFinalOrPassing(t *testing.T) {
	k, other := newKeys(t), newKeys(t)
	away := &inbox.Error{Code: inbox.Unavailable, Message: "The database cannot be reached."}
	unknown := func(in *installation) string { return in.token("idp|ann").head("kid", "2").String() }
	for name, row := range map[string]struct {
		set    func(in *installation)        // before the server starts
		change func(in *installation)        // when it has its keys
		asks   func(in *installation) string // the bearer token
		first  inbox.Code                    // the answer at once
		after  func(in *installation)        // what happens then
		later  inbox.Code                    // the answer to the same token, three gaps later
	}{
		"a known member": {asks: func(in *installation) string { return in.token("idp|ann").String() }},
		"no token":       {asks: func(*installation) string { return "" }, first: final, later: final},
		"no JWT":         {asks: func(*installation) string { return "hello" }, first: final, later: final},
		"a forged token": {asks: func(in *installation) string {
			return in.token("idp|ann").signedBy(jwt.SigningMethodEdDSA, other.ed).String()
		}, first: final, later: final},
		"expired":        {asks: func(in *installation) string { return in.token("idp|ann").claim("exp", int64(1)).String() }, first: final, later: final},
		"not yet valid":  {asks: func(in *installation) string { return in.token("idp|ann").claim("nbf", int64(3.9e9)).String() }, first: final, later: final},
		"another issuer": {asks: func(in *installation) string { return in.token("idp|ann").claim("iss", "x").String() }, first: final, later: final},
		"a numeric sub":  {asks: func(in *installation) string { return in.token("").claim("sub", 7).String() }, first: final, later: final},
		"exp in words":   {asks: func(in *installation) string { return in.token("idp|ann").claim("exp", "4000000000").String() }, first: final, later: final},
		"aud as a list": {asks: func(in *installation) string {
			return in.token("idp|ann").claim("aud", []string{"x", audience}).String()
		}},
		"no kid": {asks: func(in *installation) string { return in.token("idp|ann").noKid().String() }, first: final, later: final},
		"a wrong type": {asks: func(in *installation) string {
			return in.token("idp|ann").signedBy(jwt.SigningMethodES256, other.ec).String()
		}, first: final, later: final},
		"unknown key":   {asks: unknown, first: passing, later: final},
		"a path as kid": {asks: func(in *installation) string { return in.token("x").head("kid", "../../dev/null").String() }, first: passing, later: final},
		"key in the token": {asks: func(in *installation) string {
			return in.token("x").head("kid", "2").head("jwk", public("2", k.ed)).String()
		}, first: passing, later: final},
		"an unusable key": {
			set:  func(in *installation) { in.e.set(serving(public("1", k.ec), public("2", k.ed).with("use", "enc"))) },
			asks: unknown, first: passing, later: final,
		},
		"an unusable key, corrected": {
			set:  func(in *installation) { in.e.set(serving(public("1", k.ec), public("2", k.ed).with("use", "enc"))) },
			asks: unknown, first: passing,
			after: func(in *installation) { in.e.set(serving(public("2", k.ed))) },
		},
		"a new key": {
			change: func(in *installation) { in.e.set(serving(public("2", k.ed))) },
			asks:   unknown, first: passing,
		},
		"a new key while the provider is away": {
			change: func(in *installation) { in.e.set(down) }, asks: unknown, first: passing, later: passing,
		},
		"no keys at the start": {
			set:  func(in *installation) { in.e.set(down) },
			asks: func(in *installation) string { return in.token("idp|ann").String() }, first: passing,
			after: func(in *installation) { in.e.set(serving(public("1", k.ed))) },
		},

		"nobody":        {asks: func(in *installation) string { return in.token("idp|nobody").String() }, first: final, later: final},
		"a removed one": {asks: func(in *installation) string { return in.token("idp|gone").String() }, first: final, later: final},
		"no workspace":  {asks: func(in *installation) string { return in.token("idp|ann").claim("workspace", "x").String() }, first: final, later: final},
		"not vouched for": {
			set: func(in *installation) { in.add(workspace.Member{ID: "new", Email: "new@acme.test"}) },
			asks: func(in *installation) string {
				return in.vouched("idp|new", "new@acme.test").claim("email_verified", false).String()
			}, first: final, later: final,
		},
		"added on another server a moment ago": {
			change: func(in *installation) { in.add(workspace.Member{ID: "new", Subject: "idp|new"}) },
			asks:   func(in *installation) string { return in.token("idp|new").String() },
		},
		"invited on another server a moment ago": {
			change: func(in *installation) { in.add(workspace.Member{ID: "new", Email: "new@acme.test"}) },
			asks:   func(in *installation) string { return in.vouched("idp|new", "new@acme.test").String() },
		},
		"a workspace made a moment ago": {
			change: func(in *installation) {
				d := acme()
				d.Workspace.ID = "fresh"
				in.stored["fresh"] = d
			},
			asks: func(in *installation) string { return in.token("idp|ann").claim("workspace", "fresh").String() },
		},
		"the stored directory is away": {
			change: func(in *installation) { in.fault = away },
			asks:   func(in *installation) string { return in.token("idp|new").String() }, first: passing,
			after: func(in *installation) { in.fault = nil; in.add(workspace.Member{ID: "new", Subject: "idp|new"}) },
		},
		"no directory in memory and the database away": {
			change: func(in *installation) { delete(in.memory, "acme"); in.fault = away },
			asks:   func(in *installation) string { return in.token("idp|ann").String() }, first: passing, later: passing,
		},
		"a bind that is beaten": {
			set: func(in *installation) {
				in.memory["acme"].Members["new"] = workspace.Member{ID: "new", Email: "new@acme.test"}
				in.add(in.memory["acme"].Members["new"])
			},
			change: func(in *installation) {
				in.binding = &inbox.Error{Code: inbox.Unavailable, Message: "Too many changes at once."}
			},
			asks: func(in *installation) string { return in.vouched("idp|new", "new@acme.test").String() }, first: passing,
			after: func(in *installation) { in.binding = nil },
		},
		"a bind of another's address": {
			set: func(in *installation) {
				in.memory["acme"].Members["new"] = workspace.Member{ID: "new", Email: "new@acme.test"}
			},
			change: func(in *installation) {
				in.binding = &inbox.Error{Code: inbox.Unauthenticated, Message: "This address signs in with another identity already."}
			},
			asks: func(in *installation) string { return in.vouched("idp|new", "new@acme.test").String() }, first: final, later: final,
		},

		"no API key":        {asks: func(*installation) string { return "sbk_k3_X" }, first: final, later: final},
		"half an API key":   {asks: func(*installation) string { return "sbk_" }, first: final, later: final},
		"a wrong secret":    {asks: func(*installation) string { return "sbk_k1_WRONG" }, first: final, later: final},
		"a revoked API key": {asks: func(*installation) string { return "sbk_k2_X" }, first: final, later: final},
		"an API key made on another server a moment ago": {
			set: func(in *installation) {
				in.keys["k9"], in.stored["acme"].Keys = "acme", newKeyring("sbk_k9_RIGHT").dir.Keys
				in.stored["acme"].Keys["k9"] = in.stored["acme"].Keys["k1"]
			},
			asks: func(*installation) string { return "sbk_k9_RIGHT" },
		},
		"an API key while the database is away": {
			change: func(in *installation) { in.fault = away },
			asks:   func(*installation) string { return "sbk_k1_RIGHT" }, first: passing,
			after: func(in *installation) { in.fault = nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in := newInstallation(k)
				in.memory["acme"].Keys = newKeyring("sbk_k1_RIGHT").dir.Keys
				in.memory["acme"].Keys["k2"] = workspace.APIKey{ID: "k2", RevokedAt: time.Now()}
				for _, f := range []func(*installation){row.set} {
					if f != nil {
						f(in)
					}
				}
				a := in.authenticator(t)
				synctest.Wait()
				if row.change != nil {
					row.change(in)
				}
				raw := row.asks(in)
				_, err := a.Authenticate(t.Context(), raw)
				require.Equal(t, row.first, inbox.CodeOf(err), "at once: %v", err)
				if row.after != nil {
					row.after(in)
				}
				time.Sleep(3 * auth.MaxKeyRetry)
				synctest.Wait()
				_, err = a.Authenticate(t.Context(), raw)
				require.Equal(t, row.later, inbox.CodeOf(err), "later: %v", err)
			})
		})
	}
}

// Whoever was found in the stored directory is known in memory from then on, so
// that the requests that follow are not refused.
func TestWhoIsConfirmedIsLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := newInstallation(newKeys(t))
		in.add(workspace.Member{ID: "new", Subject: "idp|new"})
		p, err := in.authenticator(t).Authenticate(t.Context(), in.token("idp|new").String())
		require.NoError(t, err)
		require.Equal(t, "new", p.Actor.ID)
		require.Len(t, in.learned, 2)
		require.Equal(t, workspace.WorkspaceID("acme"), in.learned[0].Workspace.ID)
		require.Equal(t, workspace.MemberID("new"), in.learned[1].Member.ID)
	})
}

// Many strangers with genuine tokens cause one read a second, and a newcomer among
// them is found by it.
func TestConfirmationsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := newInstallation(newKeys(t))
		a := in.authenticator(t)
		synctest.Wait()
		began := time.Now()
		ask := func(sub string, want inbox.Code) {
			_, err := a.Authenticate(t.Context(), in.token(sub).String())
			require.Equal(t, want, inbox.CodeOf(err))
		}
		ended := make(chan struct{}, 1000)
		for range 100 {
			go func() { ask("idp|nobody", final); ended <- struct{}{} }()
		}
		synctest.Wait()
		in.add(workspace.Member{ID: "new", Subject: "idp|new"})
		go func() { ask("idp|new", accepted); ended <- struct{}{} }()
		for range 101 {
			<-ended
		}
		require.LessOrEqual(t, in.reads.Load(), int32(2))
		require.LessOrEqual(t, time.Since(began), auth.ConfirmGap)

		ctx, cancel := context.WithTimeout(t.Context(), auth.ConfirmGap/4)
		defer cancel()
		go func() { ask("idp|nobody", final); ended <- struct{}{} }()
		synctest.Wait()
		_, err := a.Authenticate(ctx, in.token("idp|nobody").String())
		require.Equal(t, passing, inbox.CodeOf(err), "who does not wait is not refused for good")
		<-ended
	})
}
