package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// key is a key of the desk's workspace, with everything that a key can have.
func (d *desk) key() inbox.APIKey {
	return inbox.APIKey{
		ID: inbox.KeyID(id("k")), Workspace: d.ws, Name: "Website", Role: inbox.RolePartner, Hash: "0102", Rev: 1,
		CreatedAt: at(1), CreatedBy: inbox.Actor{Kind: inbox.ActorMember, ID: "mia"},
		Permissions: []inbox.Permission{{Kind: inbox.Ticket, Action: inbox.PermView, Scope: inbox.ScopeAll}},
	}
}

func keyOwners(t *testing.T, open Opener) {
	d := newDesk(t, open)
	key := only(d.staffed().Keys)
	ws, err := d.WorkspaceOfKey(soon(t), key.ID)
	require.NoError(t, err)
	require.Equal(t, d.ws, ws)

	key.Hash, key.RevokedAt, key.Rev = "", at(9), 2
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, inbox.DirectoryChange{Key: &key})))
	ws, err = d.WorkspaceOfKey(soon(t), key.ID)
	require.NoError(t, err, "a revoked key is still somebody's")
	require.Equal(t, d.ws, ws)

	_, err = d.WorkspaceOfKey(soon(t), inbox.KeyID(id("k")))
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
}

func keyUses(t *testing.T, open Opener) {
	d := newDesk(t, open)
	one, two := inbox.KeyID(id("k")), inbox.KeyID(id("k"))
	used := func() map[inbox.KeyID]time.Time {
		uses, err := d.KeyUses(soon(t), d.ws, []inbox.KeyID{one, two})
		require.NoError(t, err)
		return uses
	}
	require.Empty(t, used())
	for _, second := range []int{3, 1} {
		require.NoError(t, d.KeyUsed(soon(t), d.ws, one, at(second)))
	}
	require.Equal(t, map[inbox.KeyID]time.Time{one: at(3)}, used(), "an earlier use told late changes nothing")
	require.NoError(t, d.KeyUsed(soon(t), d.ws, one, at(5)))
	require.Equal(t, map[inbox.KeyID]time.Time{one: at(5)}, used())

	ctx := soon(t)
	for _, err := range together(
		func() error { return d.KeyUsed(ctx, d.ws, two, at(1)) },
		func() error { return d.KeyUsed(ctx, d.ws, two, at(1)) },
	) {
		require.NoError(t, err, "two servers saw it first")
	}
	require.Equal(t, at(1), used()[two])

	elsewhere, err := d.KeyUses(soon(t), inbox.WorkspaceID(id("ws")), []inbox.KeyID{one})
	require.NoError(t, err)
	require.Empty(t, elsewhere)
}
