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
		ID: workspace.KeyID(id("k")), Workspace: d.ws, Name: "Website", Role: workspace.RolePartner, Hash: "0102", Hint: "WXYZ", Rev: 1,
		Rotations: 1, RotatedAt: at(2), ExpiresAt: at(99),
		Earlier:   []workspace.KeySecret{{Number: 1, Hash: "0304", Hint: "ABCD", CreatedAt: at(1), Until: at(3)}},
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

func use(key workspace.KeyID, secret, second int) workspace.KeyUse {
	return workspace.KeyUse{Key: key, Secret: secret, At: at(second)}
}

func keyUses(t *testing.T, open Opener) {
	d := newDesk(t, open)
	one, two := workspace.KeyID(id("k")), workspace.KeyID(id("k"))
	used := func() map[workspace.KeyID]workspace.KeyUses {
		uses, err := d.KeyUses(soon(t), d.ws, []workspace.KeyID{one, two})
		require.NoError(t, err)
		return uses
	}
	require.Empty(t, used())
	for _, second := range []int{3, 1} {
		require.NoError(t, d.KeyUsed(soon(t), d.ws, use(one, 1, second)))
	}
	require.Equal(t, map[workspace.KeyID]workspace.KeyUses{one: {At: at(3), Secrets: map[int]time.Time{1: at(3)}}}, used(), "an earlier use told late changes nothing")
	require.NoError(t, d.KeyUsed(soon(t), d.ws, use(one, 2, 5)))
	require.NoError(t, d.KeyUsed(soon(t), d.ws, use(one, 1, 4)))
	require.Equal(t, map[workspace.KeyID]workspace.KeyUses{one: {At: at(5), Secrets: map[int]time.Time{1: at(4), 2: at(5)}}}, used(), "each secret has its own")
	newest := workspace.MaxKeySecrets + 1
	require.NoError(t, d.KeyUsed(soon(t), d.ws, use(one, newest, 6)))
	require.NoError(t, d.KeyUsed(soon(t), d.ws, use(one, 1, 7)))
	require.Equal(t, map[int]time.Time{newest: at(6), 2: at(5)}, used()[one].Secrets, "a newer secret has taken the place of one that ended")
	require.NoError(t, d.KeyUsed(soon(t), d.ws, use(one, 0, 8)))
	require.Equal(t, at(8), used()[one].At, "without a secret in particular")

	ctx := soon(t)
	for _, err := range together(
		func() error { return d.KeyUsed(ctx, d.ws, use(two, 1, 1)) },
		func() error { return d.KeyUsed(ctx, d.ws, use(two, 1, 1)) },
	) {
		require.NoError(t, err, "two servers saw it first")
	}
	require.Equal(t, at(1), used()[two].At)

	elsewhere, err := d.KeyUses(soon(t), workspace.WorkspaceID(id("ws")), []workspace.KeyID{one})
	require.NoError(t, err)
	require.Empty(t, elsewhere)
}
