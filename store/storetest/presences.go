package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Who is connected where is kept for each server, and what is lost is found.
// B:P1
func presences(t *testing.T, open Opener) {
	d := newDesk(t, open)
	here := cluster.Presence{Workspace: d.ws, Member: "mia", Server: id("a")}
	there := cluster.Presence{Workspace: d.ws, Member: "mia", Server: id("b"), LostAt: at(5)}
	earlier := cluster.Presence{Workspace: d.ws, Member: "noa", Server: there.Server, LostAt: at(3)}
	for _, p := range []cluster.Presence{here, there, earlier, here} {
		require.NoError(t, d.SavePresence(soon(t), p))
	}
	of := func(m workspace.MemberID) []cluster.Presence {
		t.Helper()
		all, err := d.PresencesOf(soon(t), d.ws, m)
		require.NoError(t, err)
		return all
	}
	lost := func(before, limit int) []cluster.Presence {
		t.Helper()
		all, err := d.LostPresences(soon(t), at(before), limit)
		require.NoError(t, err)
		return all
	}
	require.ElementsMatch(t, []cluster.Presence{here, there}, of("mia"))
	require.Empty(t, lost(3, 10))
	require.Equal(t, []cluster.Presence{earlier}, lost(4, 10))
	require.Equal(t, []cluster.Presence{earlier, there}, lost(6, 10))
	require.Equal(t, []cluster.Presence{earlier}, lost(6, 1))

	stale := there
	stale.LostAt = at(4)
	require.NoError(t, d.DeletePresence(soon(t), stale))
	require.Len(t, of("mia"), 2, "it changed since")
	require.NoError(t, d.DeletePresence(soon(t), there))
	require.Equal(t, []cluster.Presence{here}, of("mia"))
	require.NoError(t, d.DeletePresence(soon(t), there))
	other, err := d.PresencesOf(soon(t), "another", "mia")
	require.NoError(t, err)
	require.Empty(t, other)
}

// A server that shows itself lives; one that stood still is buried with all that
// it held, and cannot come back under its name.
func servers(t *testing.T, open Opener) {
	d := newDesk(t, open)
	alive, dead := id("alive"), id("dead")
	require.ErrorIs(t, d.ServerHeartbeat(soon(t), alive, false), commit.ErrStale, "it never began")
	for _, s := range []string{alive, dead} {
		require.NoError(t, d.ServerHeartbeat(soon(t), s, true))
	}
	beats := func(s string) int64 {
		t.Helper()
		all, err := d.Servers(soon(t))
		require.NoError(t, err)
		return all[s]
	}
	held := cluster.Presence{Workspace: d.ws, Member: "mia", Server: dead}
	lost := cluster.Presence{Workspace: d.ws, Member: "noa", Server: dead, LostAt: at(1)}
	kept := cluster.Presence{Workspace: d.ws, Member: "zoe", Server: alive}
	for _, p := range []cluster.Presence{held, lost, kept} {
		require.NoError(t, d.SavePresence(soon(t), p))
	}
	before := beats(dead)
	require.NoError(t, d.ServerHeartbeat(soon(t), dead, false))
	require.Greater(t, beats(dead), before)
	require.ErrorIs(t, d.ExpireServer(soon(t), dead, before, at(9)), commit.ErrStale, "it moved since")
	require.NoError(t, d.ServerHeartbeat(soon(t), dead, false), "who was not buried lives on")

	require.NoError(t, d.ExpireServer(soon(t), dead, beats(dead), at(9)))
	require.Zero(t, beats(dead))
	require.NotZero(t, beats(alive))
	require.ErrorIs(t, d.ServerHeartbeat(soon(t), dead, false), commit.ErrStale)
	held.LostAt = at(9)
	all, err := d.LostPresences(soon(t), time.Now().AddDate(100, 0, 0), 10)
	require.NoError(t, err)
	require.Equal(t, []cluster.Presence{lost, held}, all)
	of, err := d.PresencesOf(soon(t), d.ws, "zoe")
	require.NoError(t, err)
	require.Equal(t, []cluster.Presence{kept}, of)
}

// What a process left behind that ended without a word is found by the next one.
func serversKept(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dead := id("dead")
	require.NoError(t, d.ServerHeartbeat(soon(t), dead, true))
	require.NoError(t, d.SavePresence(soon(t), cluster.Presence{Workspace: d.ws, Member: "mia", Server: dead}))
	d.reopen(open)
	all, err := d.Servers(soon(t))
	require.NoError(t, err)
	require.NotZero(t, all[dead])
	require.NoError(t, d.ExpireServer(soon(t), dead, all[dead], at(2)))
	of, err := d.PresencesOf(soon(t), d.ws, "mia")
	require.NoError(t, err)
	require.Equal(t, []cluster.Presence{{Workspace: d.ws, Member: "mia", Server: dead, LostAt: at(2)}}, of)
}
