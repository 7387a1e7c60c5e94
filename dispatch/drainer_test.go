package dispatch_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// lobby is a Desk with queues of people who wait, and one clerk for all.
type lobby struct {
	mu      sync.Mutex
	waiting map[workspace.WorkspaceID]map[inbox.Queue]int
	free    int // how many more may be given out
	busy    map[workspace.WorkspaceID]bool
	asked   int // how often a queue was looked at
	counted int // how often a workspace was asked what waits
	fault   error
	met     int // how often another server is met
	t       *testing.T
	slow    time.Duration
}

var chats = inbox.Queue{Kind: workspace.Livechat}

func (l *lobby) QueuesOf(_ context.Context, ws workspace.WorkspaceID) ([]inbox.Queue, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counted++
	var out []inbox.Queue
	for q := range l.waiting[ws] {
		out = append(out, q)
	}
	return out, l.fault
}

func (l *lobby) Drain(ctx context.Context, ws workspace.WorkspaceID, q inbox.Queue) (desk.DrainResult, error) {
	l.begin(ws)
	select {
	case <-time.After(l.slow):
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy[ws] = false
	l.asked++
	if l.met > 0 {
		l.met--
		return desk.DrainContended, nil
	}
	given := min(l.free, l.waiting[ws][q])
	l.free -= given
	l.waiting[ws][q] -= given
	switch {
	case l.fault != nil:
		return desk.DrainBlocked, l.fault
	case l.waiting[ws][q] > 0:
		return desk.DrainBlocked, nil
	}
	return desk.DrainEmpty, nil
}

func (l *lobby) begin(ws workspace.WorkspaceID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy[ws] {
		l.t.Errorf("two are at the queues of %s", ws)
	}
	l.busy[ws] = true
	if l.waiting[ws] == nil {
		l.waiting[ws] = map[inbox.Queue]int{}
	}
}

func (l *lobby) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// left is how many wait in ws, once everybody rests.
func (l *lobby) left(ws workspace.WorkspaceID) int {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting[ws][chats]
}

func (l *lobby) looks() (asked, counted int) {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked, l.counted
}

// draining runs a Drainer in a bubble of its own time.
func draining(t *testing.T, test func(t *testing.T, l *lobby, d *dispatch.Drainer, lead func())) {
	synctest.Test(t, func(t *testing.T) {
		l := &lobby{t: t, waiting: map[workspace.WorkspaceID]map[inbox.Queue]int{}, busy: map[workspace.WorkspaceID]bool{}}
		d := dispatch.NewDrainer(func(context.Context) ([]workspace.Workspace, error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			return []workspace.Workspace{{ID: "home"}, {ID: "quiet"}}, l.fault
		}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { d.Run(ctx, l) })
		lead := func() {
			running.Go(func() {
				for ctx.Err() == nil { // as a duty is
					if d.Sweep(ctx) != nil {
						time.Sleep(time.Second)
					}
				}
			})
			synctest.Wait()
		}
		test(t, l, d, lead)
		stop()
		running.Wait()
	})
}

// waits is the event by which something began to wait, closes one by which
// somebody became free.
func waits(ws workspace.WorkspaceID) inbox.Event {
	after := inbox.Conversation{Kind: workspace.Livechat, Ownership: inbox.Ownership{Status: inbox.Open, AIStopped: true}}
	return inbox.Event{Workspace: ws, Type: inbox.OwnershipEvent, Kind: inbox.EventHandedOff, To: after.Ownership, After: &after}
}

func closes(ws workspace.WorkspaceID) inbox.Event {
	after := inbox.Conversation{Kind: workspace.Livechat, Ownership: inbox.Ownership{Status: inbox.Closed}}
	return inbox.Event{Workspace: ws, Type: inbox.OwnershipEvent, Kind: inbox.EventClosed, From: inbox.Ownership{Assignee: "a", Status: inbox.Open}, After: &after}
}

func comesOnline(ws workspace.WorkspaceID) inbox.Event {
	return inbox.Event{Workspace: ws, Type: inbox.DirectoryEvent, Directory: &workspace.DirectoryChange{Member: &workspace.Member{}}}
}

// enter puts n more into the queue of ws, and lets f hear of it.
func (l *lobby) enter(ws workspace.WorkspaceID, n int) {
	l.set(func() {
		if l.waiting[ws] == nil {
			l.waiting[ws] = map[inbox.Queue]int{}
		}
		l.waiting[ws][chats] += n
	})
}

// What this server commits is answered at once, with or without the lease. B:Q8
func TestDrainsAtOnceAfterItsOwnCommits(t *testing.T) {
	for name, opens := range map[string]inbox.Event{"a close": closes("home"), "somebody comes online": comesOnline("home")} {
		t.Run(name, func(t *testing.T) {
			draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, _ func()) {
				began := time.Now()
				l.enter("home", 3)
				d.Committed(waits("home"))
				require.Equal(t, 3, l.left("home"))
				l.set(func() { l.free = 2 })
				d.Committed(opens)
				require.Equal(t, 1, l.left("home"))
				l.set(func() { l.free = 9 })
				d.Committed(opens)
				require.Zero(t, l.left("home"))
				require.Equal(t, began, time.Now(), "without waiting for anything")
			})
		})
	}
}

// What others commit is theirs, until this server has the lease.
func TestDrainsForOthersWithTheLeaseOnly(t *testing.T) {
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, lead func()) {
		l.enter("home", 1)
		l.set(func() { l.free = 9 })
		d.Apply(waits("home"))
		d.Apply(closes("home"))
		require.Equal(t, 1, l.left("home"))
		lead()
		require.Zero(t, l.left("home"), "what was left behind is found first")
		for _, last := range []inbox.Event{waits("home"), closes("home")} {
			l.set(func() { l.free = 0 })
			l.enter("home", 1)
			d.Apply(waits("home"))
			l.set(func() { l.free = 1 })
			d.Apply(last)
			require.Equal(t, 1, l.left("home"), "the server whose commit it was goes first")
			time.Sleep(300 * time.Millisecond)
			require.Zero(t, l.left("home"))
		}
	})
}

// What nobody told of is found by the interval, and where nothing waits nothing
// is asked.
func TestSweeps(t *testing.T) {
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, lead func()) {
		lead()
		_, counted := l.looks()
		require.Equal(t, 2, counted, "every workspace once")
		time.Sleep(time.Minute)
		asked, counted := l.looks()
		require.Equal(t, []int{0, 2}, []int{asked, counted})
		for range 100 {
			d.Apply(closes("home"))
			d.Committed(comesOnline("quiet"))
		}
		asked, counted = l.looks()
		require.Equal(t, []int{0, 2}, []int{asked, counted})

		l.enter("home", 1)
		d.Apply(waits("home"))
		l.set(func() { l.free = 1 }) // and no event says so
		time.Sleep(dispatch.SweepInterval)
		require.Zero(t, l.left("home"))
		before, _ := l.looks()
		time.Sleep(time.Minute)
		after, _ := l.looks()
		require.Equal(t, before, after)
	})
}

// After events were lost everything is looked at again.
func TestLooksAgainAfterAGap(t *testing.T) {
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, lead func()) {
		lead()
		l.looks()
		l.enter("quiet", 2)
		l.set(func() { l.free = 2 })
		d.FeedLost()
		d.FeedBack()
		d.Forget()
		require.Zero(t, l.left("quiet"))
	})
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, _ func()) {
		d.Committed(closes("home"))
		l.looks()
		l.enter("home", 2)
		l.set(func() { l.free = 2 })
		d.Forget()
		d.Committed(closes("home"))
		require.Zero(t, l.left("home"), "without the lease, with the next commit of its own")
	})
}

// A fault is tried again, and ends nothing.
func TestTriesAgain(t *testing.T) {
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, lead func()) {
		l.set(func() { l.fault = errors.New("away") })
		l.enter("home", 1)
		lead()
		time.Sleep(5 * time.Second)
		require.Equal(t, 1, l.left("home"))
		l.set(func() { l.fault, l.free = nil, 1 })
		time.Sleep(2 * dispatch.SweepInterval)
		require.Zero(t, l.left("home"))
	})
}

// Who meets another server steps back, the one with the lease for less long, and
// looks again by itself.
func TestStepsBackFromWhomItMeets(t *testing.T) {
	for name, c := range map[string]struct {
		leads       bool
		least, most time.Duration
	}{
		"with the lease":    {true, 20 * time.Millisecond, 60 * time.Millisecond},
		"without the lease": {false, 400 * time.Millisecond, 1100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, lead func()) {
				if c.leads {
					lead()
				}
				l.enter("home", 2)
				d.Committed(waits("home"))
				l.set(func() { l.free, l.met = 2, 1 })
				d.Committed(closes("home"))
				time.Sleep(c.least)
				d.Committed(closes("home")) // is looked at then, too
				require.Equal(t, 2, l.left("home"))
				time.Sleep(c.most - c.least)
				require.Zero(t, l.left("home"))
			})
		})
	}
}

// However often it is woken, one at a time is at a workspace, and what happens
// meanwhile is not missed.
func TestOneAtATime(t *testing.T) {
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, _ func()) {
		l.slow = time.Second
		for range 50 {
			l.enter("home", 1)
			d.Committed(waits("home"))
			l.set(func() { l.free++ })
			d.Committed(closes("home"))
			time.Sleep(300 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		require.Zero(t, l.left("home"))
		asked, _ := l.looks()
		require.Less(t, asked, 20, "many wakes are one look")
	})
}

// Who is known to wait is known until somebody has them, or the queue was found
// empty; who was passed on keeps nobody back. B:Q7
func TestTheLine(t *testing.T) {
	draining(t, func(t *testing.T, l *lobby, d *dispatch.Drainer, _ func()) {
		named := func(e inbox.Event, c inbox.ConversationID) inbox.Event {
			e.Conversation = c
			return e
		}
		line := func() bool { return d.Waits("home", chats) }
		require.False(t, line())
		d.Apply(named(waits("home"), "a"))
		d.Apply(named(waits("home"), "b"))
		d.Apply(named(waits("home"), "a")) // the same once more
		require.True(t, line())
		require.False(t, d.Waits("home", inbox.Queue{Team: "sales", Kind: workspace.Livechat}))
		require.False(t, d.Waits("quiet", chats))
		d.Apply(named(closes("home"), "a"))
		require.True(t, line())
		d.Apply(named(closes("home"), "b"))
		require.False(t, line())

		passed := named(waits("home"), "c")
		passed.To.Left, passed.After.Left = true, true
		d.Apply(passed)
		require.False(t, line())

		d.Apply(named(waits("home"), "d"))
		require.True(t, line())
		d.Committed(comesOnline("home"))
		l.looks()
		require.False(t, line(), "the queue was found empty")

		d.Apply(named(waits("home"), "e"))
		d.Forget()
		require.False(t, line())
	})
}
