package live_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// shop is a workspace of one member.
func shop(rev int, since time.Time, member workspace.MemberID) *workspace.Directory {
	return &workspace.Directory{
		Workspace: workspace.Workspace{ID: "a", Rev: rev, SuspendedSince: since},
		Members:   map[workspace.MemberID]workspace.Member{member: {ID: member, Rev: 1}},
	}
}

// What becomes of a workspace while it is suspended comes in no event: it is deleted, and
// perhaps made anew under the same id, with lower revisions. Nobody of before is in the
// new one, whatever a server asked for or heard in between.
func TestNothingOfADeletedWorkspaceIsKept(t *testing.T) {
	changed := func(w workspace.Workspace) workspace.DirectoryChange {
		return workspace.DirectoryChange{Workspace: &w}
	}
	for name, between := range map[string]func(ask func(), d *live.Directories, suspended *workspace.Directory){
		"nothing":    func(func(), *live.Directories, *workspace.Directory) {},
		"a question": func(ask func(), _ *live.Directories, _ *workspace.Directory) { ask() },
		"a newer change of the next": func(_ func(), d *live.Directories, _ *workspace.Directory) {
			d.Applied("a", changed(shop(99, time.Time{}, "new").Workspace))
		},
		"both": func(ask func(), d *live.Directories, _ *workspace.Directory) {
			ask()
			d.Applied("a", changed(shop(99, time.Time{}, "new").Workspace))
		},
		"the suspension once more": func(ask func(), d *live.Directories, s *workspace.Directory) {
			ask()
			d.Applied("a", changed(s.Workspace))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stored := shop(7, time.Time{}, "old")
				d := live.NewDirectories(func(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
					if stored == nil {
						return nil, inbox.Missing("workspace")
					}
					return stored, nil
				})
				d.FeedBack()
				ask := func() { _, _ = d.Directory(t.Context(), "a") }
				ask()
				suspended := shop(8, time.Now(), "old")
				stored = suspended
				d.Applied("a", changed(suspended.Workspace))
				ask()

				stored = nil
				time.Sleep(time.Second)
				_, err := d.Directory(t.Context(), "a")
				require.Equal(t, inbox.NotFound, inbox.CodeOf(err), "a second after it was deleted")

				stored = suspended
				time.Sleep(time.Second)
				ask()
				stored = shop(1, time.Time{}, "new")
				between(ask, d, suspended)
				time.Sleep(time.Second)
				got, err := d.Directory(t.Context(), "a")
				require.NoError(t, err)
				require.Contains(t, got.Members, workspace.MemberID("new"))
				require.NotContains(t, got.Members, workspace.MemberID("old"))
				require.False(t, got.Workspace.Suspended())
			})
		})
	}
}
