package main

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// audited reads the refusals of a workspace from the database.
func audited(t *testing.T, srv *server, ws workspace.WorkspaceID) []audit.AuditEntry {
	t.Helper()
	refused := true
	page, err := srv.store.ListAudit(t.Context(), audit.AuditQuery{Workspace: ws, Refused: &refused, Page: inbox.PageRequest{Limit: 500}})
	require.NoError(t, err)
	return page.Items
}

// A flood of refusals is a few entries and a count, and hides nobody else's. What is
// left at the end is written too.
func TestRefusalsAreWrittenWithinBounds(t *testing.T) {
	srv := assembled(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); srv.refusals.run(ctx) }()
	who := inbox.Principal{Workspace: "a", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m"}}
	target := audit.AuditTarget{Kind: audit.AuditWorkspace, ID: "a"}
	for range 5000 {
		srv.refusals.report(who, audit.AuditPlanSet, target, inbox.PermissionDenied)
	}
	single := who
	single.Actor.ID = "quiet"
	srv.refusals.report(single, audit.AuditPlanSet, target, inbox.PermissionDenied)
	other := who
	other.Workspace = "b"
	srv.refusals.report(other, audit.AuditPlanSet, target, inbox.PermissionDenied)
	cancel()
	<-done
	written := audited(t, srv, "a")
	require.Len(t, written, refusalsEach+2)
	counted := map[string]int{}
	for _, e := range written {
		require.True(t, e.Refused)
		require.Equal(t, inbox.PermissionDenied, e.Code)
		times := 1
		if len(e.Fields) > 0 {
			var err error
			times, err = strconv.Atoi(e.Fields[0].To)
			require.NoError(t, err)
			require.Contains(t, e.Summary(), "refused 4995 times with PERMISSION_DENIED")
		}
		counted[e.Actor.ID] += times
	}
	require.Equal(t, map[string]int{"m": 5000, "quiet": 1}, counted, "nothing is hidden by the noise")
	require.Len(t, audited(t, srv, "b"), 1)
	require.Zero(t, srv.refusals.dropped.Load())
}

// A genuine token of somebody who is not in the workspace is told of; one that
// anybody can make up is not.
func TestSignInsThatFail(t *testing.T) {
	srv := assembled(t)
	dir := workspace.Directory{Workspace: workspace.Workspace{ID: "acme", Name: "Acme", Rev: 1}}
	require.NoError(t, srv.store.CreateWorkspace(t.Context(), dir))
	directories := live.NewDirectories(srv.store.Directory)
	who := authenticator{auth.Authenticator{Verifier: srv.identity.verifier, Directories: directories}, srv.refusals, nil}
	sign := func(ws workspace.WorkspaceID) string {
		token, err := srv.identity.members.Sign(inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "gone"}}, time.Hour)
		require.NoError(t, err)
		return token
	}
	genuine := sign("acme")
	for _, token := range []string{genuine, sign("nowhere"), genuine[:len(genuine)-4] + "AAAA", "swordfish", ""} {
		_, err := who.Authenticate(t.Context(), token)
		require.Error(t, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	srv.refusals.run(ended) // writes what is left
	written := audited(t, srv, "acme")
	require.Len(t, written, 1)
	require.Equal(t, auditSignIn, written[0].Action)
	require.Equal(t, inbox.Unauthenticated, written[0].Code)
	require.Equal(t, "gone", written[0].Actor.ID)
	var nobody *refusals
	nobody.signIn(t.Context(), who.Authenticator, genuine)
}

// A database that is away takes no refusal, and nobody waits for it.
func TestRefusalsThatCannotBeWritten(t *testing.T) {
	srv := assembled(t)
	require.NoError(t, srv.store.Close(context.Background()))
	srv.refusals.log = slog.New(slog.DiscardHandler)
	srv.refusals.report(inbox.Principal{Workspace: "a"}, audit.AuditPlanSet, audit.AuditTarget{}, inbox.PermissionDenied)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	srv.refusals.run(ended)
	require.EqualValues(t, 1, srv.refusals.dropped.Load())
}
