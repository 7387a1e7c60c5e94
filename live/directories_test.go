package live_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// healthy makes a cache over db whose feed is open.
func healthy(db *database, options ...live.DirectoriesOption) *live.Directories {
	d := live.NewDirectories(db.load, options...)
	d.FeedBack()
	return d
}

// requireRev asks for a directory and compares its revision.
func requireRev(t *testing.T, d *live.Directories, ws workspace.WorkspaceID, rev int) {
	t.Helper()
	directory, err := d.Directory(t.Context(), ws)
	require.NoError(t, err)
	require.Equal(t, ws, directory.Workspace.ID)
	require.Equal(t, rev, directory.Workspace.Rev)
}

func TestManyReadersShareOneLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a", "b").holding()
		d := healthy(db)
		var readers sync.WaitGroup
		for range 50 {
			readers.Go(func() {
				directory, err := d.Directory(t.Context(), "a")
				if assert.NoError(t, err) {
					assert.Equal(t, 1, directory.Workspace.Rev)
				}
			})
		}
		require.Equal(t, workspace.WorkspaceID("a"), <-db.entered)
		readers.Go(func() { _, _ = d.Directory(t.Context(), "b") })
		require.Equal(t, workspace.WorkspaceID("b"), <-db.entered, "another workspace does not wait")
		synctest.Wait()
		close(db.leave)
		readers.Wait()
		require.EqualValues(t, 2, db.loads.Load())
		requireRev(t, d, "a", 1)
		require.EqualValues(t, 2, db.loads.Load(), "the second read is from memory")
	})
}

func TestAFailureIsSharedButNotRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a").holding()
		d := healthy(db)
		down := &inbox.Error{Code: inbox.Unavailable}
		db.failWith(down)
		var readers sync.WaitGroup
		for range 5 {
			readers.Go(func() {
				_, err := d.Directory(t.Context(), "a")
				assert.ErrorIs(t, err, error(down))
				assert.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
			})
		}
		<-db.entered
		synctest.Wait()
		close(db.leave)
		readers.Wait()
		require.EqualValues(t, 1, db.loads.Load())

		db.entered = nil
		db.failWith(nil)
		requireRev(t, d, "a", 1)
	})
}

func TestAReaderThatLeavesDoesNotFailTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a").holding()
		d := healthy(db)
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error)
		go func() {
			_, err := d.Directory(ctx, "a")
			first <- err
		}()
		<-db.entered
		second := make(chan error)
		go func() {
			_, err := d.Directory(t.Context(), "a")
			second <- err
		}()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-first, context.Canceled)
		<-db.entered
		close(db.leave)
		require.NoError(t, <-second)
		require.EqualValues(t, 2, db.loads.Load())
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a").holding()
		d := healthy(db)
		var loading sync.WaitGroup
		loading.Go(func() { _, _ = d.Directory(t.Context(), "a") })
		<-db.entered
		why := errors.New("the caller hung up")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, why)
		defer cancel()
		_, err := d.Directory(ctx, "a")
		require.ErrorIs(t, err, why)
		close(db.leave)
		loading.Wait()
	})
}

func TestALoadThatPanicsLeavesNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a")
		entered, leave := make(chan struct{}), make(chan struct{})
		var once sync.Once
		d := live.NewDirectories(func(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
			once.Do(func() {
				close(entered)
				<-leave
				panic("a bug in the store")
			})
			return db.load(ctx, ws)
		})
		d.FeedBack()
		var readers sync.WaitGroup
		readers.Go(func() {
			assert.Panics(t, func() { _, _ = d.Directory(t.Context(), "a") })
		})
		<-entered
		readers.Go(func() {
			_, err := d.Directory(t.Context(), "a")
			assert.NoError(t, err)
		})
		synctest.Wait()
		close(leave)
		readers.Wait()
		requireRev(t, d, "a", 1)
	})
}

func TestAWorkspaceThatDoesNotExistIsRememberedForASecond(t *testing.T) { // B:Z7
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase()
		d := healthy(db)
		for range 3 {
			_, err := d.Directory(t.Context(), "a")
			require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		}
		require.EqualValues(t, 1, db.loads.Load())

		db.commit("a")
		time.Sleep(time.Second)
		requireRev(t, d, "a", 1)
		require.EqualValues(t, 2, db.loads.Load())
	})
}

func TestNewsOfAWorkspaceEndsThatItDoesNotExist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase()
		d := healthy(db)
		_, err := d.Directory(t.Context(), "a")
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		d.Apply(db.commit("a").Event)
		requireRev(t, d, "a", 1)
	})
}

func TestAWorkspaceThatComesToBeDuringALoadIsNotRememberedAsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase().holding()
		d := healthy(db)
		early := make(chan error)
		go func() {
			_, err := d.Directory(t.Context(), "a")
			early <- err
		}()
		<-db.entered
		d.Apply(db.commit("a").Event)
		close(db.leave)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(<-early))
		db.entered = nil
		requireRev(t, d, "a", 1)
	})
}

func TestTheNumberOfWorkspacesIsBounded(t *testing.T) {
	db := newDatabase("a", "b", "c", "d")
	d := healthy(db, live.WithWorkspaces(3))
	for _, ws := range []workspace.WorkspaceID{"a", "b", "c", "a", "b"} {
		requireRev(t, d, ws, 1)
	}
	require.EqualValues(t, 3, db.loads.Load())

	requireRev(t, d, "d", 1)
	for _, ws := range []workspace.WorkspaceID{"a", "b", "d"} {
		requireRev(t, d, ws, 1)
	}
	require.EqualValues(t, 4, db.loads.Load(), "who was not read lately made room")
	requireRev(t, d, "c", 1)
	require.EqualValues(t, 5, db.loads.Load())
}

func TestRoomIsMadeWhenAllWereReadLately(t *testing.T) {
	db := newDatabase("a", "b", "c", "d", "e")
	d := healthy(db, live.WithWorkspaces(2))
	for range 3 {
		for _, ws := range []workspace.WorkspaceID{"a", "b", "c", "d", "e"} {
			requireRev(t, d, ws, 1)
			requireRev(t, d, ws, 1)
		}
	}
	require.EqualValues(t, 15, db.loads.Load(), "two of five can be kept, and the oldest goes")
}

func TestReadingFromMemoryAllocatesNothing(t *testing.T) {
	d := healthy(newDatabase("a"))
	requireRev(t, d, "a", 1)
	ctx := t.Context()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := d.Directory(ctx, "a"); err != nil {
			t.Error(err)
		}
	}))
}
