package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// What was written, in all its forms, is there after each reopening, and the
// guards and unique ids still hold.
func kept(t *testing.T, open Opener) {
	d := newDesk(t, open)
	dir := d.staffed()
	secret, err := d.Secret(soon(t))
	require.NoError(t, err)
	c := d.created(func(c *inbox.Conversation) { c.ExternalID = "x" })
	var events []inbox.Event
	for _, m := range []workspace.MemberID{"mia", "noa", "mia"} {
		change := takeover(c, m)
		change.Event.Key = inbox.IdempotencyKey{Actor: workspace.System(), Key: id("k"), Request: "r"}
		c = d.commit(change)
		events = append(events, change.Event)
		d.reopen(open)

		require.Equal(t, c, d.stored(c.ID))
		require.Equal(t, workspace.Load{Livechats: 1}, d.load(m))
		for _, want := range events {
			got, err := d.EventByKey(soon(t), d.ws, workspace.System(), want.Key.Key)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		again := takeover(c, "zoe")
		again.Event.Key = change.Event.Key
		require.ErrorIs(t, d.Commit(soon(t), again), commit.ErrDuplicateKey)
		other := d.conversation()
		other.ExternalID = "x"
		require.ErrorIs(t, d.Commit(soon(t), creation(other)), commit.ErrDuplicateKey)
	}
	got, err := d.Directory(soon(t), d.ws)
	require.NoError(t, err)
	require.Equal(t, dir, *got)
	again, err := d.Secret(soon(t))
	require.NoError(t, err)
	require.Equal(t, secret, again)
}
