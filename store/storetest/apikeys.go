package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// key is a key of the desk's workspace, with everything that a key can have.
func (d *fixture) key() workspace.APIKey {
	return workspace.APIKey{
		ID: workspace.KeyID(id("k")), Workspace: d.ws, Name: "Website", Role: workspace.RolePartner, Hash: "0102", Rev: 1,
		CreatedAt: at(1), CreatedBy: workspace.Actor{Kind: workspace.ActorMember, ID: "mia"},
		Permissions: []workspace.Permission{{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}},
	}
}

func keyOwners(t *testing.T, open Opener) {
	d := newDesk(t, open)
	key := only(d.staffed().Keys)
	ws, err := d.WorkspaceOfKey(soon(t), key.ID)
	require.NoError(t, err)
	require.Equal(t, d.ws, ws)

	key.Hash, key.RevokedAt, key.Rev = "", at(9), 2
	require.NoError(t, d.SaveDirectory(soon(t), directoryEvent(d.ws, workspace.DirectoryChange{Key: &key})))
	ws, err = d.WorkspaceOfKey(soon(t), key.ID)
	require.NoError(t, err, "a revoked key is still somebody's")
	require.Equal(t, d.ws, ws)

	_, err = d.WorkspaceOfKey(soon(t), workspace.KeyID(id("k")))
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
}

func keyUses(t *testing.T, open Opener) {
	d := newDesk(t, open)
	one, two := workspace.KeyID(id("k")), workspace.KeyID(id("k"))
	used := func() map[workspace.KeyID]time.Time {
		uses, err := d.KeyUses(soon(t), d.ws, []workspace.KeyID{one, two})
		require.NoError(t, err)
		return uses
	}
	require.Empty(t, used())
	for _, second := range []int{3, 1} {
		require.NoError(t, d.KeyUsed(soon(t), d.ws, one, at(second)))
	}
	require.Equal(t, map[workspace.KeyID]time.Time{one: at(3)}, used(), "an earlier use told late changes nothing")
	require.NoError(t, d.KeyUsed(soon(t), d.ws, one, at(5)))
	require.Equal(t, map[workspace.KeyID]time.Time{one: at(5)}, used())

	ctx := soon(t)
	for _, err := range together(
		func() error { return d.KeyUsed(ctx, d.ws, two, at(1)) },
		func() error { return d.KeyUsed(ctx, d.ws, two, at(1)) },
	) {
		require.NoError(t, err, "two servers saw it first")
	}
	require.Equal(t, at(1), used()[two])

	elsewhere, err := d.KeyUses(soon(t), workspace.WorkspaceID(id("ws")), []workspace.KeyID{one})
	require.NoError(t, err)
	require.Empty(t, elsewhere)
}
