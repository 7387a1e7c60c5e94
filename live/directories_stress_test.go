package live_test

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// Readers never see less than what was applied before they asked, and never go
// back, while workspaces change, are evicted and loaded again, and the feed
// breaks and comes back. B:Z6
func TestDirectoriesUnderStress(t *testing.T) {
	const workspaces, changes, readers = 5, 8_000, 4
	names := make([]workspace.WorkspaceID, workspaces)
	for i := range names {
		names[i] = workspace.WorkspaceID("w" + strconv.Itoa(i))
	}
	db := newDatabase(names...)
	d := live.NewDirectories(db.load, live.WithWorkspaces(workspaces-2))
	applied := make([]atomic.Int64, workspaces)
	feed := make(chan inbox.Event, 64)
	done := make(chan struct{})
	var running sync.WaitGroup

	running.Go(func() { // writes, and tells this process of every third change itself
		defer close(feed)
		for n := range changes {
			e := db.commit(names[n%workspaces]).Event
			if n%3 == 0 {
				d.Applied(e.Workspace, *e.Directory)
			}
			feed <- e
		}
	})
	running.Go(func() { // the pump
		defer close(done)
		n := 0
		for e := range feed {
			switch {
			case n%701 == 0:
				d.FeedBack()
				d.Forget()
			case n%97 == 0:
				d.FeedLost()
				d.FeedBack()
			}
			d.Apply(e)
			applied[n%workspaces].Store(int64(e.Directory.Workspace.Rev))
			n++
		}
	})
	for range readers {
		running.Go(func() {
			seen := make([]int64, workspaces)
			for {
				i := rand.IntN(workspaces)
				least := max(applied[i].Load(), seen[i])
				directory, err := d.Directory(t.Context(), names[i])
				if !assert.NoError(t, err) {
					return
				}
				if seen[i] = int64(directory.Workspace.Rev); seen[i] < least {
					assert.Failf(t, "went back", "%s: saw revision %d after %d", names[i], seen[i], least)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	running.Wait()
	for i, ws := range names {
		rev, _ := db.read(ws)
		requireRev(t, d, ws, rev)
		assert.EqualValues(t, rev, applied[i].Load())
	}
}
