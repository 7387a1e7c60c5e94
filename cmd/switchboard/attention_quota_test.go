package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// A caller says what it does so often a minute and no more, and takes nothing from
// others: visitors nothing from the staff, and a refused one nothing from its workspace.
func TestAttentionIsBounded(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	q := newAttentionQuota(func() time.Time { return now })
	says := func(kind workspace.ActorKind, ws, id string) error {
		return q.Spend(inbox.Principal{Workspace: workspace.WorkspaceID(ws), Actor: workspace.Actor{Kind: kind, ID: id}})
	}
	allowed := func(kind workspace.ActorKind, ws, id string) (n int) {
		for n < 100_000 && says(kind, ws, id) == nil {
			n++
		}
		return n
	}
	require.Equal(t, contactStatements, allowed(workspace.ActorContact, "w", "v"))
	err := says(workspace.ActorContact, "w", "v")
	require.Equal(t, inbox.RateLimited, inbox.CodeOf(err))
	require.Equal(t, statements/2, allowed(workspace.ActorMember, "w", "m"))
	total := contactStatements
	for n := range 1_000 {
		total += allowed(workspace.ActorContact, "w", fmt.Sprint(n))
	}
	require.Equal(t, visitorsStatements/2, total, "all visitors of a workspace together")
	require.NoError(t, says(workspace.ActorMember, "w", "other"), "the staff has its own")
	require.NoError(t, says(workspace.ActorContact, "w2", "v"), "and so has every workspace")
	now = now.Add(2 * time.Second)
	require.NoError(t, says(workspace.ActorContact, "w", "v"))
}
