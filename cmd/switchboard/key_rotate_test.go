package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

// Operators replace secrets and set ends as the API does; a listing has hints and no
// secret, and what is refused says what to do.
func TestOperatorsReplaceAndEndKeys(t *testing.T) {
	onInstallations(t, func(i *installation) {
		made := printed[keyShown](i, "key", "create", "--name", "Website", "--expires", "720h")
		require.NotNil(i.t, made.ExpiresAt)
		next := printed[keyShown](i, "key", "rotate", "--key", made.ID, "--overlap", "1h")
		require.NotEqual(i.t, made.Secret, next.Secret)
		require.Len(i.t, next.Secrets, 2)
		i.with(func(s store.Engine) {
			d, err := s.Directory(i.t.Context(), i.ours)
			require.NoError(i.t, err)
			id, _ := workspace.APIKeyID(made.Secret)
			for _, secret := range []string{made.Secret, next.Secret} {
				_, ok := d.Keys[id].Accepts(secret, time.Now())
				require.True(i.t, ok)
			}
		})
		listed := i.run("key", "list")
		require.Contains(i.t, listed.stdout, "..."+made.Secret[len(made.Secret)-4:])
		require.NotContains(i.t, listed.stdout, made.Secret[len(made.Secret)-20:])
		require.Nil(i.t, printed[keyShown](i, "key", "expire", "--key", made.ID, "--never").ExpiresAt)
		require.NotNil(i.t, printed[keyShown](i, "key", "expire", "--key", made.ID, "--in", "1h").ExpiresAt)
		for _, wrong := range [][]string{{"--in", "1h", "--never"}, {}, {"--in", "-1h"}} {
			refused := i.try(append([]string{"key", "expire", "--key", made.ID}, wrong...)...)
			require.Equal(i.t, exitUsage, refused.code)
			require.Contains(i.t, refused.stderr, "--in")
		}
		i.run("key", "revoke", "--key", made.ID)
		require.Contains(i.t, i.try("key", "rotate", "--key", made.ID).stderr, "--key: ")
		require.Subset(i.t, i.actions(), []audit.AuditAction{audit.AuditKeyRotate, audit.AuditKeyExpiry})
	})
}

// A sandbox is made and put back; nothing else is.
func TestOperatorsPutBackASandbox(t *testing.T) {
	onInstallations(t, func(i *installation) {
		refused := i.try("sandbox", "reset")
		require.NotEqual(i.t, exitOK, refused.code)
		require.Contains(i.t, refused.stderr, "switchboard sandbox create")
		box := *i
		box.ours = "box"
		box.ours = "Box/1"
		require.Contains(i.t, box.try("sandbox", "create").stderr, "--workspace: cannot be a workspace's")
		box.ours = "box"
		made := box.run("sandbox", "create")
		require.Contains(i.t, made.stdout, "switchboard key create --workspace box")
		again := box.try("sandbox", "create")
		require.Equal(i.t, exitRefused, again.code)
		first := box.conversation("demo-001")
		require.Contains(i.t, box.run("sandbox", "reset").stdout, "as it was in the beginning")
		require.Equal(i.t, first, box.conversation("demo-001"))
		require.Contains(i.t, box.actions(), audit.AuditSandboxReset)
	})
}

// conversation is the id of one with an external id, in a workspace that is served.
func (i *installation) conversation(externalID string) (id string) {
	i.with(func(s store.Engine) {
		d, err := s.Directory(i.t.Context(), i.ours)
		require.NoError(i.t, err)
		require.False(i.t, d.Workspace.Resetting())
		c, err := s.ConversationByExternalID(i.t.Context(), i.ours, externalID)
		require.NoError(i.t, err)
		id = string(c.ID)
	})
	return id
}
