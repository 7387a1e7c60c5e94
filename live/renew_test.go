package live_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/live"
)

// A policy that was replaced leaves no directory that something was worked out from by
// the old one, and changes nothing that a directory contains. B:Z6
func TestRenew(t *testing.T) {
	known := &workspace.Directory{Workspace: workspace.Workspace{ID: "w", Name: "Parcels", Rev: 3}}
	directories := live.NewDirectories(func(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
		if ws != "w" {
			return nil, context.DeadlineExceeded
		}
		return known, nil
	})
	directories.FeedBack()
	_, err := directories.Directory(t.Context(), "another")
	require.Error(t, err)
	before, err := directories.Directory(t.Context(), "w")
	require.NoError(t, err)
	same, err := directories.Directory(t.Context(), "w")
	require.NoError(t, err)
	require.Same(t, before, same)
	eligible := func(d *workspace.Directory, now ...workspace.Member) []workspace.Member {
		return d.Remembered("policy", workspace.Livechat, "", func() []workspace.Member { return now })
	}
	require.Len(t, eligible(before, workspace.Member{ID: "m"}), 1)
	require.Len(t, eligible(before), 1, "it is worked out once")

	directories.Renew()
	after, err := directories.Directory(t.Context(), "w")
	require.NoError(t, err)
	require.NotSame(t, before, after)
	require.Equal(t, before.Workspace, after.Workspace)
	require.Empty(t, eligible(after))
	directories.Applied("w", workspace.DirectoryChange{Workspace: &workspace.Workspace{ID: "w", Name: "Letters", Rev: 4}})
	later, err := directories.Directory(t.Context(), "w")
	require.NoError(t, err)
	require.Equal(t, "Letters", later.Workspace.Name)
}
