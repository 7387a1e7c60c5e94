package workspace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox/workspace"
)

// However a key's secrets are replaced, each is accepted until its end and under its own
// number, no end is ever later than it was, and at most as many are kept as were accepted.
func TestSecretsAreAcceptedUntilTheirEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		k, secret := workspace.APIKey{ID: "k", Workspace: "w", CreatedAt: now, Rev: 1}.Drawn()
		secrets, ends := []string{secret}, []time.Time{{}}
		for range rapid.IntRange(0, 6).Draw(t, "rotations") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "pause")) * time.Second)
			until := now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "overlap")) * time.Second)
			for i, end := range ends {
				if end.IsZero() || end.After(until) {
					ends[i] = until
				}
			}
			accepted := len(k.Secrets(now))
			k, secret = k.Rotated(now, until)
			secrets, ends = append(secrets, secret), append(ends, time.Time{})
			require.LessOrEqual(t, len(k.Earlier), accepted)
			require.True(t, k.Issued(secret))
		}
		if rapid.Bool().Draw(t, "expires") {
			k.ExpiresAt = now.Add(50 * time.Second)
		}
		at := now.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "later")) * time.Second)
		held := k.ExpiresAt.IsZero() || k.ExpiresAt.After(at)
		require.Equal(t, !held, k.Expired(at))
		for i, text := range secrets {
			number, ok := k.Accepts(text, at)
			valid := ends[i].IsZero() || ends[i].After(at)
			require.Equal(t, held && valid, ok, "secret %d", i+1)
			end := k.Ends(i + 1)
			require.Equal(t, ok, end.IsZero() || end.After(at), "secret %d", i+1)
			if ok {
				require.Equal(t, i+1, number)
			}
			_, ok = workspace.APIKey{ID: "k", Hash: k.Hash, RevokedAt: now}.Accepts(text, at)
			require.False(t, ok)
			id, known := workspace.APIKeyID(text)
			require.True(t, known)
			require.Equal(t, k.ID, id)
		}
	})
}

// A server that knows fewer secrets of a key than there are can tell by the secret.
func TestASecretTellsThatItIsNewer(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	old, first := workspace.APIKey{ID: "k_1", CreatedAt: now}.Drawn()
	next, second := old.Rotated(now, now)
	require.True(t, old.Issued(first))
	require.False(t, old.Issued(second))
	require.True(t, next.Issued(first) && next.Issued(second))
	require.True(t, old.Issued("sbk_k_1_WRONG"))
	require.True(t, old.Issued(""))
	require.Equal(t, second[len(second)-4:], next.Hint)
}
