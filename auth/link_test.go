package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// uses remembers used links, as the store does.
type uses struct {
	mu    sync.Mutex
	until map[string]time.Time
	ended map[string]bool
	fault error
}

func (u *uses) BeginLinkSession(_ context.Context, s cluster.LinkSession) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, used := u.until[s.ID]; used || u.fault != nil {
		return errors.Join(u.fault, map[bool]error{true: commit.ErrDuplicateKey}[used])
	}
	u.until[s.ID] = s.Until
	return nil
}

func (u *uses) RenewLinkSession(_ context.Context, id string, now, until time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended[id] || !u.until[id].After(now) {
		return inbox.Missing("session")
	}
	u.until[id] = until
	return nil
}

func (u *uses) EndLinkSession(_ context.Context, id string) error { u.ended[id] = true; return nil }

// linked is a server that signs in by links, and what it is made of.
func linked(t *testing.T) (auth.Links, *uses, *workspace.Directory, *auth.Verifier) {
	t.Helper()
	secret := []byte(strings.Repeat("k", auth.MinSecret))
	secrets, err := auth.NewLinkSecrets(secret)
	require.NoError(t, err)
	members, err := auth.NewSigner(secret)
	require.NoError(t, err)
	v, err := auth.NewVerifier(secret, auth.Operator{})
	require.NoError(t, err)
	dir := &workspace.Directory{Workspace: workspace.Workspace{ID: "acme", Name: "Acme"}, Members: map[workspace.MemberID]workspace.Member{
		"m-1": {ID: "m-1", Workspace: "acme", Name: "Ann"}, "m-2": {ID: "m-2", Workspace: "acme", Removed: true},
	}}
	kept := &uses{until: map[string]time.Time{}, ended: map[string]bool{}}
	return auth.Links{Secrets: secrets, Members: members, Sessions: kept, Directory: func(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
		if ws != dir.Workspace.ID {
			return nil, inbox.Missing("workspace")
		}
		return dir, nil
	}}, kept, dir, v
}

func refused(t *testing.T, err error, part string) {
	t.Helper()
	require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "%v", err)
	require.ErrorContains(t, err, part)
}

// A link signs in once, and the session that it begins lives for as long as somebody
// comes, also for weeks.
func TestALinkSignsInOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		links, _, _, v := linked(t)
		link, err := links.Secrets.Link("acme", "m-1", "Ann", auth.LinkTTL)
		require.NoError(t, err)
		first, err := links.Begin(t.Context(), link)
		require.NoError(t, err)
		require.Equal(t, "Ann", first.Name)
		claims, err := v.Verify(t.Context(), first.Token)
		require.NoError(t, err)
		require.Equal(t, "m-1", claims.Subject)
		_, err = links.Begin(t.Context(), link)
		refused(t, err, "used before")
		for range 10 {
			time.Sleep(auth.LinkSessionTTL - time.Hour)
			first, err = links.Renew(t.Context(), first.Renewal)
			require.NoError(t, err)
		}
		require.NoError(t, links.End(t.Context(), first.Renewal))
		_, err = links.Renew(t.Context(), first.Renewal)
		refused(t, err, "is over")
	})
}

// Every link and renewal that should not sign in does not, and none is spent for that.
func TestLinksThatSignNobodyIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		links, kept, dir, v := linked(t)
		link := func(ws workspace.WorkspaceID, m workspace.MemberID) string {
			raw, err := links.Secrets.Link(ws, m, "x", auth.LinkTTL)
			require.NoError(t, err)
			return raw
		}
		good := link("acme", "m-1")
		session, err := links.Begin(t.Context(), link("acme", "m-1"))
		require.NoError(t, err)
		foreign, err := auth.NewLinkSecrets([]byte(strings.Repeat("f", auth.MinSecret)))
		require.NoError(t, err)
		ofAnother, err := foreign.Link("acme", "m-1", "x", auth.LinkTTL)
		require.NoError(t, err)
		none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "m-1", "workspace": "acme", "jti": "j", "exp": time.Now().Add(time.Hour).Unix()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
		require.NoError(t, err)
		used := len(kept.until)
		for name, raw := range map[string]string{
			"empty": "", "not a token": "x", "cut": good[:len(good)-3], "of another server": ofAnother, "alg none": none, "too long": strings.Repeat("x", auth.MaxToken+1),
			"a renewal as a link": session.Renewal, "a token as a link": session.Token, "somebody removed": link("acme", "m-2"), "somebody unknown": link("acme", "m-9"), "an unknown workspace": link("other", "m-1"),
		} {
			_, err := links.Begin(t.Context(), raw)
			require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "%s: %v", name, err)
			if len(raw) > 20 {
				require.NotContains(t, err.Error(), raw[len(raw)-10:], name)
			}
		}
		require.Len(t, kept.until, used)
		for name, raw := range map[string]string{"empty": "", "a link": good, "a token": session.Token, "alg none": none} {
			_, err := links.Renew(t.Context(), raw)
			require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), name)
		}
		for name, raw := range map[string]string{"a link": good, "a renewal": session.Renewal} {
			_, err := v.Verify(t.Context(), raw)
			require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "%s is no token of the API", name)
		}

		kept.fault = &inbox.Error{Code: inbox.Unavailable, Message: "away"}
		_, err = links.Begin(t.Context(), good)
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
		kept.fault = nil
		_, err = links.Begin(t.Context(), good)
		require.NoError(t, err, "the link was not spent while the database was away")

		ann := dir.Members["m-1"]
		ann.Removed = true
		dir.Members["m-1"] = ann
		_, err = links.Renew(t.Context(), session.Renewal)
		refused(t, err, "not a member")

		ann.Removed = false
		dir.Members["m-1"] = ann
		late := link("acme", "m-1")
		time.Sleep(auth.LinkTTL + time.Minute)
		_, err = links.Begin(t.Context(), late)
		refused(t, err, "is over")
		time.Sleep(auth.LinkSessionTTL)
		_, err = links.Renew(t.Context(), session.Renewal)
		refused(t, err, "is over")
	})
}
