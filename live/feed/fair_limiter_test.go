package feed_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// gate is a feed whose every opening waits to be let through, in the order in
// which the turns were given.
type gate struct {
	mu      sync.Mutex
	turns   []workspace.WorkspaceID
	waiting []chan struct{}
}

func (g *gate) WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, _ string) (port.FeedStream, error) {
	let := make(chan struct{})
	g.mu.Lock()
	g.turns, g.waiting = append(g.turns, ws), append(g.waiting, let)
	g.mu.Unlock()
	select {
	case <-let:
		return &pastStream{feed: &pastFeed{}}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// next lets the one go that has been there for longest.
func (g *gate) next() {
	g.mu.Lock()
	let := g.waiting[0]
	g.waiting = g.waiting[1:]
	g.mu.Unlock()
	close(let)
	synctest.Wait()
}

func (g *gate) taken() []workspace.WorkspaceID {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]workspace.WorkspaceID(nil), g.turns...)
}

// rush is a catch-up of which nothing ends by itself.
type rush struct {
	*feed.CatchUp
	gate *gate
	ctx  context.Context
	lost map[feed.Caller]int
	done sync.WaitGroup
	mu   sync.Mutex
}

// rushed runs a test with a rush, and lets all go in the end.
func rushed(t *testing.T, test func(t *testing.T, c *rush)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		ctx, stop := context.WithCancel(t.Context())
		bound := feed.DefaultBounds()
		bound.Time = 24 * time.Hour
		c := &rush{CatchUp: feed.NewCatchUp(g, bound), gate: g, ctx: ctx, lost: map[feed.Caller]int{}}
		test(t, c)
		stop()
		c.done.Wait()
		require.Zero(t, c.Waiting())
		require.Zero(t, c.Running())
	})
}

// come lets the caller come back so many times at once.
func (c *rush) come(who feed.Caller, times int) {
	for range times {
		c.done.Go(func() {
			found, err := c.Since(c.ctx, who, "then", "")
			if err == nil && found.Lost != "" {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.lost[who]++
			}
		})
	}
	synctest.Wait()
}

func visitor(ws workspace.WorkspaceID, name string) feed.Caller {
	return feed.Caller{Workspace: ws, Name: name, Visitor: true}
}

func member(ws workspace.WorkspaceID, name string) feed.Caller {
	return feed.Caller{Workspace: ws, Name: name}
}

// One visitor with 200 old cursors holds one turn, and nobody up. B:V10
func TestAVisitorStarvesNobody(t *testing.T) {
	rushed(t, func(t *testing.T, c *rush) {
		mallory := visitor("a", "mallory")
		c.come(mallory, 200)
		require.Equal(t, []workspace.WorkspaceID{"a"}, c.gate.taken())
		require.Equal(t, 4, c.Waiting())
		require.Equal(t, 195, c.lost[mallory], "who asks for more is told of a gap at once")
		require.EqualValues(t, 195, c.Refused())
		c.come(member("b", "manager"), 1)
		require.Equal(t, []workspace.WorkspaceID{"a", "b"}, c.gate.taken(), "there is a turn for others")
		c.come(member("a", "manager"), 1)
		require.Equal(t, []workspace.WorkspaceID{"a", "b", "a"}, c.gate.taken(), "and for the visitor's own desk")
	})
}

// However many wait, of whatever kind, a newcomer of another workspace is next but
// one at most, and so is one of the same workspace within it.
func TestTurnsAreFair(t *testing.T) {
	for name, crush := range map[string]func(c *rush, ws workspace.WorkspaceID){
		"one visitor": func(c *rush, ws workspace.WorkspaceID) { c.come(visitor(ws, "v"), 200) },
		"many visitors": func(c *rush, ws workspace.WorkspaceID) {
			for n := range 200 {
				c.come(visitor(ws, fmt.Sprint("v", n)), 2)
			}
		},
		"one member": func(c *rush, ws workspace.WorkspaceID) { c.come(member(ws, "m"), 200) },
		"many members": func(c *rush, ws workspace.WorkspaceID) {
			for n := range 200 {
				c.come(member(ws, fmt.Sprint("m", n)), 3)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			rushed(t, func(t *testing.T, c *rush) {
				for _, ws := range []workspace.WorkspaceID{"a", "c"} {
					crush(c, ws)
				}
				before := len(c.gate.taken())
				c.come(member("b", "manager"), 1)
				for range 4 {
					c.gate.next()
				}
				require.Contains(t, c.gate.taken()[before:min(before+3, len(c.gate.taken()))], workspace.WorkspaceID("b"))
			})
		})
	}
}

// Who goes away waits no longer, and gives its turn to the next.
func TestTurnsAreGivenBack(t *testing.T) {
	rushed(t, func(t *testing.T, c *rush) {
		c.come(member("a", "m"), 10)
		require.Len(t, c.gate.taken(), 2)
		require.Equal(t, 8, c.Waiting())
		gone, cancel := context.WithCancelCause(c.ctx)
		why := errors.New("it went away")
		ended := make(chan error, 1)
		go func() {
			_, err := c.Since(gone, member("a", "m"), "then", "")
			ended <- err
		}()
		synctest.Wait()
		require.Equal(t, 9, c.Waiting())
		cancel(why)
		require.ErrorIs(t, <-ended, why)
		require.Equal(t, 8, c.Waiting())
		for range 10 {
			c.gate.next()
		}
		require.Zero(t, c.Waiting())
		require.Len(t, c.gate.taken(), 10)
	})
}

// Reading ends at each bound, and says which it was.
func TestCatchUpsAreBounded(t *testing.T) {
	many := &pastFeed{}
	for n := range 20 {
		item := news("a", n)
		item.Size = 100
		many.items = append(many.items, item)
	}
	roomy := feed.Bounds{Time: time.Hour, Items: 20, Bytes: 2_000}
	for name, row := range map[string]struct {
		bound       feed.Bounds
		feed        port.WorkspaceFeed
		lost        bool
		large, slow uint64
	}{
		"within all":     {roomy, many, false, 0, 0},
		"too many":       {feed.Bounds{Time: time.Hour, Items: 19, Bytes: 2_000}, many, true, 1, 0},
		"too many bytes": {feed.Bounds{Time: time.Hour, Items: 20, Bytes: 1_999}, many, true, 1, 0},
		"endless":        {roomy, &gate{}, true, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := feed.NewCatchUp(row.feed, row.bound)
				found, err := c.Since(t.Context(), member("a", "m"), "then", "")
				require.NoError(t, err)
				require.Equal(t, row.lost, found.Lost != "")
				require.Equal(t, []uint64{row.large, row.slow, 0, 0}, []uint64{c.Large(), c.Slow(), c.Gone(), c.Refused()})
			})
		})
	}
}

// Whoever follows a log by many streams reads two of them at a time: another caller has a
// turn at once, and so has another workspace. B:V12
func TestManyStreamsOfALogLeaveRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		catchUp := feed.NewCatchUp(&gate{}, feed.Bounds{})
		got := make(chan func(), 400)
		ask := func(ws workspace.WorkspaceID, name string) {
			release, err := catchUp.Turn(t.Context(), feed.Caller{Workspace: ws, Name: name})
			require.NoError(t, err)
			got <- release
		}
		for range 300 {
			go ask("home", "greedy")
		}
		synctest.Wait()
		require.Len(t, got, 2)
		go ask("home", "other")
		go ask("away", "greedy")
		synctest.Wait()
		require.Len(t, got, 4)
		for range 302 {
			(<-got)()
			synctest.Wait()
		}
		require.Empty(t, got)
	})
}

// Two streams of a caller that never stop have the server for half a turn together: a turn
// is kept from its caller for three times as long as it was used, and from nobody else,
// also when nobody but resting callers is left of a workspace.
func TestWhoFollowsALogRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		catchUp := feed.NewCatchUp(&gate{}, feed.Bounds{})
		turn := func(name string) func() {
			release, err := catchUp.Turn(t.Context(), feed.Caller{Workspace: "home", Name: name})
			require.NoError(t, err)
			return release
		}
		began, worked := time.Now(), atomic.Int64{}
		work := func() {
			for time.Since(began) < time.Hour {
				release := turn("greedy")
				time.Sleep(100 * time.Millisecond)
				worked.Add(int64(100 * time.Millisecond))
				release()
			}
		}
		for range 2 {
			go work()
		}
		for asked := began; time.Since(began) < time.Hour; asked = time.Now() {
			release := turn("other")
			require.Equal(t, asked, time.Now())
			release()
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		require.InDelta(t, (time.Hour / 2).Seconds(), time.Duration(worked.Load()).Seconds(), 1)

		long := turn("greedy")
		time.Sleep(time.Hour)
		long()
		turn("other")()
		beside, rested := turn("greedy"), time.Now()
		turn("greedy")()
		require.Equal(t, time.Second, time.Since(rested), "the longest rest")
		beside()
	})
}
