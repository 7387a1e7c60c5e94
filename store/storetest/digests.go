package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// bulk is verb as a part of a call.
func bulk(
	call inbox.BulkID, verb func(inbox.Conversation, inbox.Command) inbox.Move,
) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move {
		t.Bulk = call
		return verb(c, t)
	}
}

// The events of a call have one notification for each audience and kind, which counts
// them, comes to the front again as it grows, and loses what is claimed until it is gone.
// What is withdrawn or settled for one of its conversations leaves it. B:G1
func digests(t *testing.T, open Opener) {
	d := newDesk(t, open)
	all := []inbox.Conversation{d.created(), d.created(), d.created()}
	for i := range all {
		change := stepped(all[i], "noa", i+1, bulk("call", queuedFor("billing")))
		d.commit(change)
		all[i] = change.Conversation
		told := d.told("mia", toBilling)
		require.Len(t, told, 1)
		require.Equal(t, i+1, told[0].Count)
		require.Equal(t, change.Event.ID, told[0].Event)
		require.Equal(t, all[i].ID, told[0].Conversation)
		require.True(t, told[0].Claimable)
		require.Equal(t, inbox.BulkID("call"), told[0].Bulk)
	}
	d.commit(stepped(d.created(), "noa", 5, bulk("other", queuedFor("billing"))))
	require.Len(t, d.told("mia", toBilling), 2, "another call has its own")
	for i, c := range all {
		change := stepped(c, "noa", 6+i, bulk("second", given("mia")))
		d.commit(change)
		mine := d.told("mia", toMia)
		require.Len(t, mine, 1)
		require.Equal(t, i+1, mine[0].Count)
		require.False(t, mine[0].Over)
		first := d.told("mia", toBilling)
		if i == len(all)-1 {
			require.Len(t, first, 1, "gone with the last")
			continue
		}
		require.Len(t, first, 2)
		require.Equal(t, len(all)-1-i, first[1].Count)
	}
	change := stepped(d.stored(all[0].ID), "noa", 20, inbox.Close)
	change.Event.Settles = "mia"
	d.commit(change)
	require.False(t, d.told("mia", toMia)[0].Over, "there are others in it")
}

// Events are found by the beginning of their keys, those of one actor alone.
func eventsByKeys(t *testing.T, open Opener) {
	d := newDesk(t, open)
	me, other := workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}, workspace.Actor{Kind: workspace.ActorMember, ID: "noa"}
	want := map[inbox.EventID]bool{}
	for i, key := range []inbox.IdempotencyKey{
		{Actor: me, Key: "bulk:1:a", Request: "r"}, {Actor: me, Key: "bulk:1:b", Request: "r"}, {Actor: me, Key: "bulk:10:a", Request: "r"},
		{Actor: other, Key: "bulk:1:a", Request: "r"}, {Actor: me, Key: "bulk:", Request: "r"}, {},
	} {
		change := stepped(d.created(), "noa", i+1, given("mia"))
		change.Event.Key = key
		d.commit(change)
		if i < 2 {
			want[change.Event.ID] = true
		}
	}
	found, err := d.EventsByKeys(soon(t), d.ws, me, "bulk:1:", 10)
	require.NoError(t, err)
	got := map[inbox.EventID]bool{}
	for _, e := range found {
		got[e.ID] = true
	}
	require.Equal(t, want, got)
	few, err := d.EventsByKeys(soon(t), d.ws, me, "bulk:1:", 1)
	require.NoError(t, err)
	require.Len(t, few, 1)
}
