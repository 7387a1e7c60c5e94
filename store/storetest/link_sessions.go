package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

// Of all servers that are shown one link at once, one begins a session, and none
// does later, nor after the session has ended.
func linkUsedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open)
	s := cluster.LinkSession{ID: id("link"), Workspace: "w", Member: "m", Until: time.Now().Add(time.Hour)}
	var begun atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch err := d.BeginLinkSession(soon(t), s); {
			case err == nil:
				begun.Add(1)
			case !errors.Is(err, commit.ErrDuplicateKey):
				t.Errorf("begin: %v", err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, begun.Load())
	require.NoError(t, d.EndLinkSession(soon(t), s.ID))
	require.ErrorIs(t, d.BeginLinkSession(soon(t), s), commit.ErrDuplicateKey)
}

// A link that was used stays used after a restart.
func linkKept(t *testing.T, open Opener) {
	d := newDesk(t, open)
	s := cluster.LinkSession{ID: id("link"), Workspace: "w", Member: "m", Until: time.Now().Add(time.Hour)}
	require.NoError(t, d.BeginLinkSession(soon(t), s))
	d.reopen(open)
	require.ErrorIs(t, d.BeginLinkSession(soon(t), s), commit.ErrDuplicateKey)
}

// A session is renewed until it is over or was ended.
func linkSessions(t *testing.T, open Opener) {
	d := newDesk(t, open)
	now := time.Now().UTC().Truncate(time.Millisecond)
	s := cluster.LinkSession{ID: id("link"), Workspace: "w", Member: "m", Until: now.Add(time.Hour)}
	missing := func(err error) {
		t.Helper()
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	}
	missing(d.RenewLinkSession(soon(t), s.ID, now, s.Until))
	require.NoError(t, d.EndLinkSession(soon(t), s.ID), "what is not there need not be ended")
	require.NoError(t, d.BeginLinkSession(soon(t), s))
	require.NoError(t, d.RenewLinkSession(soon(t), s.ID, now.Add(59*time.Minute), now.Add(2*time.Hour)))
	require.NoError(t, d.RenewLinkSession(soon(t), s.ID, now.Add(61*time.Minute), now.Add(2*time.Hour)))
	missing(d.RenewLinkSession(soon(t), s.ID, now.Add(3*time.Hour), now.Add(4*time.Hour)))
	require.NoError(t, d.EndLinkSession(soon(t), s.ID))
	missing(d.RenewLinkSession(soon(t), s.ID, now, s.Until))
}
