package admin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox/admin"
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
			require.Equal(t, i == j, k.Accepts(secret))
		}
		revoked := k
		revoked.RevokedAt = time.Now()
		require.False(t, revoked.Accepts(secrets[i]), "even if the hash were still there")
	}
	rapid.Check(t, func(t *rapid.T) {
		guess := rapid.String().Draw(t, "guess")
		require.False(t, keys[0].Accepts(guess))
		require.False(t, workspace.APIKey{}.Accepts(guess))
		if id, ok := workspace.APIKeyID(guess); ok {
			require.True(t, strings.HasPrefix(guess, "sbk_"+string(id)+"_"))
		}
	})
}
