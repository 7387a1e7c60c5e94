package live_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// What decides on the rights of one caller is of others too: their teams, the teams, the
// rules. A directory that is read anew is as new as the call in all of it, also beside a
// load that began before, and though no feed told of anything. B:V12, B:Z4
func TestADirectoryThatIsReadAnew(t *testing.T) {
	for name, underWay := range map[string]bool{"in memory": false, "beside a load that began before": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var stored atomic.Pointer[workspace.Directory]
				stored.Store(teammates("sales"))
				slow := make(chan struct{})
				directories := live.NewDirectories(func(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
					if ws != "w" {
						return nil, inbox.Missing("workspace")
					}
					read := stored.Load()
					<-slow
					return read, nil
				})
				directories.FeedBack()
				if !underWay {
					close(slow)
				}
				go func() { _, _ = directories.Directory(t.Context(), "w") }()
				synctest.Wait()
				time.Sleep(time.Second)
				stored.Store(teammates("support"))
				reread := make(chan error, 1)
				go func() { reread <- directories.Reread(t.Context(), "w") }()
				synctest.Wait()
				if underWay {
					close(slow)
				}
				require.NoError(t, <-reread)
				d, err := directories.Directory(t.Context(), "w")
				require.NoError(t, err)
				require.Equal(t, []workspace.TeamID{"support"}, d.Members["mate"].Teams)
				require.Equal(t, inbox.NotFound, inbox.CodeOf(directories.Reread(t.Context(), "none")))
			})
		})
	}
}

// Whoever has a directory read anew, however often, keeps nobody else from the one in memory.
func TestReadingAnewKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := make(chan struct{}, 1)
		slow <- struct{}{}
		directories := live.NewDirectories(func(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
			<-slow
			return teammates("sales"), nil
		})
		directories.FeedBack()
		_, err := directories.Directory(t.Context(), "w")
		require.NoError(t, err)
		time.Sleep(time.Hour)
		reread := make(chan error)
		go func() { reread <- directories.Reread(t.Context(), "w") }()
		synctest.Wait()
		began := time.Now()
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		_, err = directories.Directory(ctx, "w")
		require.NoError(t, err)
		require.Equal(t, began, time.Now())
		slow <- struct{}{}
		require.NoError(t, <-reread)
	})
}

func teammates(team workspace.TeamID) *workspace.Directory {
	return &workspace.Directory{
		Workspace: workspace.Workspace{ID: "w", Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{"mate": {ID: "mate", Rev: 1, Teams: []workspace.TeamID{team}}},
	}
}
