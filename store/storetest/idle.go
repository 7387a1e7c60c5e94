package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// What nothing happened in for long, the longest idle first, and nothing else. B:C6
func idleOf(t *testing.T, open Opener) {
	d := newDesk(t, open)
	put := func(active int, edit ...func(*inbox.Conversation)) inbox.Conversation {
		return d.created(func(c *inbox.Conversation) {
			c.Status, c.LastActivityAt = inbox.Open, at(active)
			for _, e := range edit {
				e(c)
			}
		})
	}
	second, first := put(2), put(1)
	unset := put(3, func(c *inbox.Conversation) { c.Status = inbox.Unset })
	owned := put(4, func(c *inbox.Conversation) { c.Assignee = "mia" })
	put(1, func(c *inbox.Conversation) { c.Kind = workspace.Ticket })
	put(1, func(c *inbox.Conversation) { c.Status = inbox.Closed })
	put(9)
	idle := func(ws workspace.WorkspaceID, since time.Time, limit int) []inbox.Conversation {
		found, err := d.Idle(soon(t), ws, since, limit)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []inbox.Conversation{first, second, unset, owned}, idle(d.ws, at(4), 9))
	require.Equal(t, []inbox.Conversation{first, second, unset}, idle(d.ws, at(3), 9), "up to the time itself")
	require.Equal(t, []inbox.Conversation{first, second}, idle(d.ws, at(4), 2))
	require.Empty(t, idle(d.ws, at(0), 9))
	require.Empty(t, idle("other", at(9), 9))

	// A step for want of activity is stale once something happened.
	closing := takeover(first, "mia")
	closing.Guard = commit.Guard{Version: first.Version, QuietSince: at(0)}
	require.ErrorIs(t, d.Commit(soon(t), closing), commit.ErrStale)
	closing.Guard.QuietSince = first.LastActivityAt
	require.NoError(t, d.Commit(soon(t), closing))
}
