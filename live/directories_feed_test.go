package live_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/live"
)

func TestAChangeIsSeenAtOnceAndWithoutALoad(t *testing.T) { // B:Z6
	for name, tell := range map[string]func(*live.Directories, inbox.Event){
		"from the feed":     func(d *live.Directories, e inbox.Event) { d.Apply(e) },
		"from this process": func(d *live.Directories, e inbox.Event) { d.Applied(e.Workspace, *e.Directory) },
		"from both": func(d *live.Directories, e inbox.Event) {
			d.Applied(e.Workspace, *e.Directory)
			d.Apply(e)
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := newDatabase("a", "b")
			d := healthy(db)
			requireRev(t, d, "a", 1)
			requireRev(t, d, "b", 1)
			second, third := db.commit("a").Event, db.commit("a").Event
			tell(d, second)
			requireRev(t, d, "a", 2)
			tell(d, third)
			tell(d, second)
			requireRev(t, d, "a", 3)
			requireRev(t, d, "b", 1)
			require.EqualValues(t, 2, db.loads.Load())
		})
	}
}

func TestWhatIsNoDirectoryChangeIsIgnored(t *testing.T) {
	db := newDatabase("a")
	d := healthy(db)
	requireRev(t, d, "a", 1)
	before, err := d.Directory(t.Context(), "a")
	require.NoError(t, err)
	d.Apply(inbox.Event{Workspace: "a", Type: inbox.OwnershipEvent, Version: 5})
	d.Apply(inbox.Event{Workspace: "a", Type: inbox.DirectoryEvent})
	d.Apply(renamed("never asked for", 5).Event)
	after, err := d.Directory(t.Context(), "a")
	require.NoError(t, err)
	require.Same(t, before, after)
}

func TestAChangeDuringALoadIsInItsResult(t *testing.T) { // B:Z6
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a").holding()
		d := healthy(db)
		var readers sync.WaitGroup
		for range 3 {
			readers.Go(func() {
				directory, err := d.Directory(t.Context(), "a")
				if assert.NoError(t, err) {
					assert.Equal(t, 3, directory.Workspace.Rev)
				}
			})
		}
		<-db.entered
		d.Apply(db.commit("a").Event)
		d.Applied("a", *db.commit("a").Event.Directory)
		synctest.Wait()
		close(db.leave)
		readers.Wait()
		requireRev(t, d, "a", 3)
		require.EqualValues(t, 1, db.loads.Load())
	})
}

func TestAChangeDuringAReloadIsInBothResults(t *testing.T) { // B:Z6
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a")
		d := healthy(db)
		requireRev(t, d, "a", 1)
		d.FeedLost()
		d.FeedBack()
		time.Sleep(time.Second)
		db.holding()
		reloaded := make(chan int)
		go func() {
			directory, err := d.Directory(t.Context(), "a")
			assert.NoError(t, err)
			reloaded <- directory.Workspace.Rev
		}()
		<-db.entered
		d.Apply(db.commit("a").Event)
		close(db.leave)
		require.Equal(t, 2, <-reloaded)
		requireRev(t, d, "a", 2)
		require.EqualValues(t, 2, db.loads.Load())
	})
}

func TestMoreChangesThanALoadCanRememberFailIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a").holding()
		d := healthy(db)
		result := make(chan error)
		go func() {
			_, err := d.Directory(t.Context(), "a")
			result <- err
		}()
		<-db.entered
		for range 10_001 {
			d.Apply(db.commit("a").Event)
		}
		close(db.leave)
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(<-result))
		db.entered = nil
		requireRev(t, d, "a", 10_002)
	})
}

func TestWithoutAFeedNothingOlderThanASecondIsUsed(t *testing.T) { // B:Z6
	for name, lose := range map[string]func(*live.Directories){
		"not open yet": func(*live.Directories) {},
		"lost": func(d *live.Directories) {
			d.FeedBack()
			d.FeedLost()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				db := newDatabase("a")
				d := live.NewDirectories(db.load)
				lose(d)
				requireRev(t, d, "a", 1)
				db.commit("a")
				time.Sleep(time.Second - 1)
				requireRev(t, d, "a", 1)
				require.EqualValues(t, 1, db.loads.Load())
				time.Sleep(time.Nanosecond)
				requireRev(t, d, "a", 2)
				require.EqualValues(t, 2, db.loads.Load())
			})
		})
	}
}

func TestWithAFeedNothingIsLoadedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a")
		d := healthy(db)
		requireRev(t, d, "a", 1)
		time.Sleep(24 * time.Hour)
		requireRev(t, d, "a", 1)
		require.EqualValues(t, 1, db.loads.Load())
	})
}

// The kind of fault: what was read while nothing was heard is taken for known when the feed
// is back. It lacks changes that the feed may bring only after a long backlog, or never, and
// is loaded once more before it is used, however young it is.
func TestWhenTheFeedIsBackWhatWasLoadedBeforeIsLoadedOnce(t *testing.T) { // B:Z6
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a", "b")
		d := healthy(db)
		requireRev(t, d, "a", 1)
		d.FeedLost()
		db.commit("a")
		time.Sleep(time.Minute)
		requireRev(t, d, "b", 1)
		db.commit("b")
		d.FeedBack()
		requireRev(t, d, "a", 2)
		requireRev(t, d, "b", 2)
		require.EqualValues(t, 4, db.loads.Load())

		time.Sleep(time.Hour)
		requireRev(t, d, "a", 2)
		requireRev(t, d, "b", 2)
		require.EqualValues(t, 4, db.loads.Load())
	})
}

func TestAnUntrustedDirectoryIsNotUsedWhenTheDatabaseIsDown(t *testing.T) { // B:Z4
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a")
		d := healthy(db)
		requireRev(t, d, "a", 1)
		d.FeedLost()
		db.failWith(&inbox.Error{Code: inbox.Unavailable})
		time.Sleep(time.Second)
		_, err := d.Directory(t.Context(), "a")
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	})
}

func TestForgetLeavesNothingHoweverYoung(t *testing.T) { // B:Z4
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase("a").holding()
		d := healthy(db)
		early := make(chan int)
		read := func(into chan int) {
			directory, err := d.Directory(t.Context(), "a")
			assert.NoError(t, err)
			into <- directory.Workspace.Rev
		}
		go read(early)
		<-db.entered
		db.commit("a")
		d.Forget()
		late := make(chan int)
		go read(late)
		synctest.Wait()
		db.leave <- struct{}{}
		require.Equal(t, 1, <-early, "asked before Forget")
		<-db.entered
		db.leave <- struct{}{}
		require.Equal(t, 2, <-late, "asked after Forget, while a load from before it ran")
		requireRev(t, d, "a", 2)
		require.EqualValues(t, 2, db.loads.Load())
	})
}
