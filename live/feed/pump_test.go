package feed_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/live/feed"
)

// rig is a pump that runs on a scripted feed.
type rig struct {
	feed        *scriptedFeed
	db          *database
	directories *live.Directories
	hub         *feed.Hub
	pump        *feed.Pump
	log         bytes.Buffer
	stop        func()
}

// pumping runs body in a bubble of its own time. Nothing is left running.
func pumping(t *testing.T, body func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{feed: newScriptedFeed(), db: &database{}, hub: feed.NewHub()}
		r.directories = live.NewDirectories(r.db.load)
		r.pump = feed.NewPump(r.feed, r.hub, slog.New(slog.NewTextHandler(&r.log, nil)), r.directories)
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { r.pump.Run(ctx) })
		r.stop = func() {
			cancel()
			running.Wait()
			r.hub.Close()
		}
		defer r.stop()
		body(t, r)
	})
}

// database holds one workspace, whose revision commits raise.
type database struct{ commits, loads atomic.Int64 }

func (db *database) load(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	db.loads.Add(1)
	return &workspace.Directory{Workspace: workspace.Workspace{ID: ws, Rev: int(db.commits.Load()) + 1}}, nil
}

func (db *database) commit(ws workspace.WorkspaceID) port.FeedItem {
	return renamed(ws, int(db.commits.Add(1))+1)
}

// requireRev asks for a directory and compares its revision.
func requireRev(t *testing.T, d *live.Directories, ws workspace.WorkspaceID, rev int) {
	t.Helper()
	directory, err := d.Directory(t.Context(), ws)
	require.NoError(t, err)
	require.Equal(t, rev, directory.Workspace.Rev)
}

// watched waits for the next Watch and compares its position.
func (r *rig) watched(t *testing.T, position string) *watchCall {
	t.Helper()
	call := <-r.feed.calls
	require.Equal(t, position, call.position)
	return call
}

func (r *rig) lines() []string {
	return strings.Split(strings.TrimSpace(r.log.String()), "\n")
}

var errDown error = &inbox.Error{Code: inbox.Unavailable, Message: "no primary"}

func TestReadyWhenTheFeedIsOpen(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		for range 3 {
			r.watched(t, "").fail(errDown)
		}
		synctest.Wait()
		select {
		case <-r.pump.Ready():
			t.Fatal("ready without a feed")
		default:
		}
		require.False(t, r.pump.Healthy())
		r.watched(t, "").open("p0")
		<-r.pump.Ready()
		synctest.Wait()
		require.True(t, r.pump.Healthy())
		require.Zero(t, r.pump.Reopens())
		require.Zero(t, r.pump.Gaps())
		require.True(t, r.pump.LastEventAt().IsZero())

		r.stop()
		require.False(t, r.pump.Healthy())
	})
}

func TestItemsReachTheListeners(t *testing.T) { // B:V9
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("p0")
		<-r.pump.Ready()
		s := subscribe(t, r.hub, "a")
		require.Equal(t, "p0", s.Start())
		stream.give(news("a", 1), news("b", 2), news("a", 3))
		require.Equal(t, 1, s.Next().Event.Version)
		last := s.Next()
		require.Equal(t, 3, last.Event.Version)
		require.Equal(t, "p3", last.Position)
		require.True(t, r.pump.LastEventAt().Equal(time.Now()))
		r.stop()
		require.True(t, stream.closed.Load())
	})
}

// Whoever hears of a directory change can already judge by it. The workspace
// is so big that the other order would be seen. B:Z4
func TestTheDirectoryKnowsBeforeTheListener(t *testing.T) {
	members := map[workspace.MemberID]workspace.Member{}
	for n := range 50_000 {
		id := workspace.MemberID(strconv.Itoa(n))
		members[id] = workspace.Member{ID: id}
	}
	synctest.Test(t, func(t *testing.T) {
		directories := live.NewDirectories(func(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
			return &workspace.Directory{Workspace: workspace.Workspace{ID: "a"}, Members: members}, nil
		})
		source, hub := newScriptedFeed(), feed.NewHub()
		defer hub.Close()
		pump := feed.NewPump(source, hub, slog.New(slog.DiscardHandler), directories)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go pump.Run(ctx)
		stream := (<-source.calls).open("p0")
		<-pump.Ready()
		_, err := directories.Directory(t.Context(), "a")
		require.NoError(t, err)
		s := subscribe(t, hub, "a")
		for rev := 1; rev <= 5; rev++ {
			stream.give(port.FeedItem{Position: "p", Event: inbox.Event{
				Workspace: "a", Type: inbox.DirectoryEvent,
				Directory: &workspace.DirectoryChange{Member: &workspace.Member{ID: "7", Rev: rev}},
			}})
			s.Next()
			directory, err := directories.Directory(t.Context(), "a")
			require.NoError(t, err)
			require.Equal(t, rev, directory.Members["7"].Rev)
		}
	})
}

func TestABrokenStreamGoesOnWhereItStopped(t *testing.T) { // B:V3 B:V9
	for name, c := range map[string]struct {
		why  error
		gave bool
		want string
	}{
		"behind the last item":                         {errors.New("cursor killed"), true, "p1"},
		"where it was opened":                          {errors.New("cursor killed"), false, "p0"},
		"behind what it passed over in silence":        {errDown, true, "quiet"},
		"behind what it passed over before any item":   {errDown, false, "quiet"},
		"not behind what it may have failed to decode": {errors.New("cannot decode"), true, "p1"},
	} {
		t.Run(name, func(t *testing.T) {
			pumping(t, func(t *testing.T, r *rig) {
				broken := r.watched(t, "").open("p0")
				<-r.pump.Ready()
				s := subscribe(t, r.hub, "a")
				if c.gave {
					broken.give(news("a", 1))
					require.Equal(t, 1, s.Next().Event.Version)
				}
				synctest.Wait()
				broken.position.Store("quiet")
				broken.breakWith(c.why)
				synctest.Wait()
				require.False(t, r.pump.Healthy())
				require.True(t, broken.closed.Load())

				stream := r.watched(t, c.want).open(c.want)
				stream.give(news("a", 2))
				item := s.Next()
				require.False(t, item.Gap)
				require.Equal(t, 2, item.Event.Version)
				require.True(t, r.pump.Healthy())
				require.EqualValues(t, 1, r.pump.Reopens())
				require.Zero(t, r.pump.Gaps())
			})
		})
	}
}

func TestWhileTheFeedIsLostDirectoriesAreNotTrusted(t *testing.T) { // B:Z6
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("p0")
		<-r.pump.Ready()
		synctest.Wait()
		requireRev(t, r.directories, "a", 1)
		time.Sleep(time.Hour)
		requireRev(t, r.directories, "a", 1)
		require.EqualValues(t, 1, r.db.loads.Load())

		stream.breakWith(errDown)
		call := r.watched(t, "p0")
		missed := r.db.commit("a")
		requireRev(t, r.directories, "a", 2)

		stream = call.open("p0")
		synctest.Wait()
		stream.give(missed, r.db.commit("a"))
		synctest.Wait()
		requireRev(t, r.directories, "a", 3)
	})
}

func TestAPositionThatIsGoneIsAGap(t *testing.T) { // B:V3
	for name, lose := range map[string]func(t *testing.T, r *rig, stream *scriptedStream){
		"when it is opened again": func(t *testing.T, r *rig, stream *scriptedStream) {
			stream.breakWith(errDown)
			r.watched(t, "p1").fail(port.ErrHistoryLost)
		},
		"after an outage": func(t *testing.T, r *rig, stream *scriptedStream) {
			stream.breakWith(errDown)
			for range 20 {
				r.watched(t, "p1").fail(errDown)
			}
			r.watched(t, "p1").fail(port.ErrHistoryLost)
		},
		"with the first read": func(t *testing.T, r *rig, stream *scriptedStream) {
			stream.breakWith(port.ErrHistoryLost)
		},
		"not a position": func(t *testing.T, r *rig, stream *scriptedStream) {
			stream.breakWith(errDown)
			r.watched(t, "p1").fail(port.ErrBadPosition)
		},
		"an event that cannot be read": func(t *testing.T, r *rig, stream *scriptedStream) {
			for range 4 {
				stream.breakWith(errors.New("cannot decode"))
				stream = r.watched(t, "p1").open("p1")
			}
			stream.breakWith(errors.New("cannot decode"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			pumping(t, func(t *testing.T, r *rig) {
				stream := r.watched(t, "").open("p0")
				<-r.pump.Ready()
				s, other := subscribe(t, r.hub, "a"), subscribe(t, r.hub, "b")
				stream.give(news("a", 1))
				require.Equal(t, 1, s.Next().Event.Version)
				lose(t, r, stream)

				call := r.watched(t, "")
				requireRev(t, r.directories, "a", 1)
				r.db.commit("a") // falls into the gap
				stream = call.open("p9")
				requireGap(t, "p9", s.Next())
				requireRev(t, r.directories, "a", 2)
				requireGap(t, "p9", other.Next())
				stream.give(news("a", 10))
				require.Equal(t, 10, s.Next().Event.Version)
				require.EqualValues(t, 1, r.pump.Gaps())
				require.True(t, r.pump.Healthy())
			})
		})
	}
}

// An opening that nobody answers is tried again, said each time, and given up in
// the end: a gap is better than silence for ever. B:V3
func TestAPlaceThatCannotBeOpenedIsAGap(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("start")
		stream.give(news("a", 1))
		stream.breakWith(errDown)
		for range 5 {
			r.watched(t, "p1") // and no answer
		}
		r.watched(t, "").open("end")
		synctest.Wait()
		require.EqualValues(t, 1, r.pump.Gaps())
		require.Equal(t, 5, strings.Count(r.log.String(), "not opened within a minute")-1, "with the one that gives up")
	})
}

// Only streams that die one after the other at the same place give it up.
func TestStreamsThatMoveOnKeepTheirPlace(t *testing.T) { // B:V3
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("p0")
		for n := 1; n <= 20; n++ {
			stream.give(news("a", n))
			stream.breakWith(errors.New("cursor killed"))
			at := "p" + strconv.Itoa(n)
			stream = r.watched(t, at).open(at)
		}
		require.Zero(t, r.pump.Gaps())
	})
}

// A feed that could not say where it stands cannot go on from there.
func TestAStreamWithoutAPositionLeavesAGap(t *testing.T) { // B:V3
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("")
		<-r.pump.Ready()
		s := subscribe(t, r.hub, "a")
		stream.breakWith(errDown)
		r.watched(t, "").open("p5")
		requireGap(t, "p5", s.Next())
		require.Equal(t, "p5", subscribe(t, r.hub, "a").Start())
	})
}

func TestWhoListensBeforeTheFeedIsOpenIsToldOfAGap(t *testing.T) { // B:V3
	pumping(t, func(t *testing.T, r *rig) {
		s := subscribe(t, r.hub, "a")
		r.watched(t, "").open("p0")
		requireGap(t, "p0", s.Next())
		require.Zero(t, r.pump.Gaps())
	})
}

func TestTriesArePacedWithinBounds(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		last, ceiling := time.Now(), 100*time.Millisecond
		r.watched(t, "").fail(errDown)
		longest := time.Duration(0)
		for range 200 {
			call := r.watched(t, "")
			pause := time.Since(last)
			require.GreaterOrEqual(t, pause, 50*time.Millisecond)
			require.LessOrEqual(t, pause, ceiling)
			longest, last, ceiling = max(longest, pause), time.Now(), min(2*ceiling, 2*time.Second)
			call.fail(errDown)
		}
		require.Greater(t, longest, time.Second, "the pauses grow")
	})
}

// A database that lets the feed be opened and drops it at once is not hammered.
func TestTriesArePacedWhenStreamsDieYoung(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		r.watched(t, "").open("p0").breakWith(errDown)
		begin := time.Now()
		for range 200 {
			r.watched(t, "p0").open("p0").breakWith(errDown)
		}
		require.Greater(t, time.Since(begin), 100*time.Second, "about a second each")
	})
}

func TestAStreamThatServedIsOpenedAgainSoon(t *testing.T) {
	for name, serve := range map[string]func(*scriptedStream){
		"an item":    func(s *scriptedStream) { s.give(news("a", 1)) },
		"a silence":  func(*scriptedStream) { time.Sleep(time.Minute) },
		"a bad life": func(s *scriptedStream) { s.breakWith(port.ErrHistoryLost) },
	} {
		t.Run(name, func(t *testing.T) {
			pumping(t, func(t *testing.T, r *rig) {
				r.watched(t, "").open("p0").breakWith(errDown)
				for range 20 {
					r.watched(t, "p0").fail(errDown)
				}
				stream := r.watched(t, "p0").open("p0")
				serve(stream)
				if name != "a bad life" {
					stream.breakWith(errDown)
				}
				begin := time.Now()
				(<-r.feed.calls).fail(errDown)
				require.LessOrEqual(t, time.Since(begin), 100*time.Millisecond)
			})
		})
	}
}

func TestOneLineForEachChangeOfState(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		for range 25 {
			r.watched(t, "").fail(errDown)
		}
		stream := r.watched(t, "").open("p0")
		<-r.pump.Ready()
		stream.breakWith(errDown)
		for range 25 {
			r.watched(t, "p0").fail(errDown)
		}
		r.watched(t, "p0").fail(port.ErrHistoryLost)
		r.watched(t, "").open("p7")
		synctest.Wait()
		r.stop()
		lines := r.lines()
		require.Len(t, lines, 5)
		for i, want := range []string{"WARN", "resumed=false", "WARN", "ERROR", "resumed=false"} {
			require.Contains(t, lines[i], want)
		}
	})
}

// A feed that stays lost is said each minute.
func TestALossIsLoggedEachMinute(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		begin := time.Now()
		for time.Since(begin) < 10*time.Minute {
			r.watched(t, "").fail(errDown)
		}
		synctest.Wait()
		r.stop()
		require.InDelta(t, 10, strings.Count(r.log.String(), "the feed is still lost"), 1)
	})
}

func TestThePumpStopsWhereverItStands(t *testing.T) {
	for name, reach := range map[string]func(t *testing.T, r *rig){
		"waiting for a watch": func(*testing.T, *rig) {},
		"pausing":             func(t *testing.T, r *rig) { r.watched(t, "").fail(errDown) },
		"reading":             func(t *testing.T, r *rig) { r.watched(t, "").open("p0") },
	} {
		t.Run(name, func(t *testing.T) {
			pumping(t, func(t *testing.T, r *rig) {
				reach(t, r)
				synctest.Wait()
				begin := time.Now()
				r.stop()
				require.Zero(t, time.Since(begin))
				require.False(t, r.pump.Healthy())
			})
		})
	}
}
