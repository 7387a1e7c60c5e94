package admin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// A new key's secret is accepted by that key alone, leads to it, and is nowhere
// in what is kept.
func TestSecretsOfKeys(t *testing.T) {
	d := world.New(t)
	keys, secrets := []workspace.APIKey{}, []string{}
	for range 3 {
		k, secret, err := d.Admin.CreateAPIKey(t.Context(), world.AsMember(world.Owner), admin.NewAPIKey{Name: "K", Role: workspace.RoleIntegration})
		require.NoError(t, err)
		require.NotContains(t, k.Hash, secret)
		id, ok := workspace.APIKeyID(secret)
		require.True(t, ok && workspace.IsAPIKey(secret))
		require.Equal(t, k.ID, id)
		keys, secrets = append(keys, k), append(secrets, secret)
	}
	for i, k := range keys {
		for j, secret := range secrets {
			require.Equal(t, i == j, accepts(k, secret))
		}
		revoked := k
		revoked.RevokedAt = time.Now()
		require.False(t, accepts(revoked, secrets[i]), "even if the hash were still there")
	}
	rapid.Check(t, func(t *rapid.T) {
		guess := rapid.String().Draw(t, "guess")
		require.False(t, accepts(keys[0], guess))
		require.False(t, accepts(workspace.APIKey{}, guess))
		if id, ok := workspace.APIKeyID(guess); ok {
			require.True(t, strings.HasPrefix(guess, "sbk_"+string(id)+"_"))
		}
	})
}

// Nobody gets the secret of a key that may do what they may not: as for a new key, so for a
// new secret. B:Z2
func TestASecretNeedsWhatTheKeyMayDo(t *testing.T) {
	d := world.New(t)
	d.Saved.Workspace.Plan = "enterprise"
	k, _, err := d.Admin.CreateAPIKey(t.Context(), world.AsMember(world.Owner), admin.NewAPIKey{
		Name: "CRM", Role: workspace.RolePartner,
		Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}},
	})
	require.NoError(t, err)
	_, secret, err := d.Admin.RotateAPIKeySecret(t.Context(), world.AsMember(world.Owner), k.ID, 0)
	require.NoError(t, err)
	require.NotEmpty(t, secret)
	more := d.Saved.Keys[k.ID]
	more.Permissions = append(more.Permissions, workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermHandoff, Scope: workspace.ScopeOwn})
	d.Saved.Keys[k.ID] = more
	_, secret, err = d.Admin.RotateAPIKeySecret(t.Context(), world.AsMember(world.Owner), k.ID, 0)
	world.Refused(t, err, inbox.PermissionDenied)
	require.Empty(t, secret)
}

// blind is a policy by which nobody sees tickets.
type blind struct{ access.Authorizer }

func (b blind) Scope(q access.GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	if kind == workspace.Ticket && action == workspace.PermView {
		return workspace.ScopeNone
	}
	return b.Authorizer.Scope(q, kind, action)
}

// Nobody gives a key, which may be their own, the sight of what they do not see. B:Z2
func TestWhoHandsOverSeesAll(t *testing.T) {
	for _, sees := range []bool{true, false} {
		d := world.New(t, func(c *services.Config) {
			if !sees {
				c.Policy = blind{c.Policy}
			}
		})
		key := admin.NewAPIKey{Name: "K", Role: workspace.RoleIntegration}
		k, _, err := d.Admin.CreateAPIKey(t.Context(), world.AsMember(world.Owner), key)
		require.NoError(t, err)
		_, err = d.Admin.HandOver(t.Context(), world.AsMember(world.Owner), "", k.ID)
		if sees {
			require.NoError(t, err)
		} else {
			world.Refused(t, err, inbox.PermissionDenied)
		}
	}
}

func accepts(k workspace.APIKey, secret string) bool {
	_, ok := k.Accepts(secret, world.Start())
	return ok
}
