package dispatch_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

// shared is the one lease of some servers, in memory.
type shared struct {
	mu    sync.Mutex
	lease cluster.Lease
}

func (s *shared) read() cluster.Lease {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lease
}

func (s *shared) swap(seen, next cluster.Lease) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lease.Renewals != seen.Renewals || s.lease.Holder != seen.Holder {
		return commit.ErrStale
	}
	s.lease = next
	return nil
}

// line is one server's connection to the lease.
type line struct {
	*shared
	// cut fails every call; deaf writes and loses the answer.
	cut, deaf atomic.Bool
}

var errCut = errors.New("cut")

func (l *line) Lease(_ context.Context, name string) (cluster.Lease, error) {
	if l.cut.Load() {
		return cluster.Lease{}, errCut
	}
	now := l.read()
	now.Name = name
	return now, nil
}

func (l *line) SwapLease(_ context.Context, seen, next cluster.Lease) error {
	if l.cut.Load() {
		return errCut
	}
	err := l.swap(seen, next)
	if l.deaf.Swap(false) {
		return errCut
	}
	return err
}

// office is some servers that share one duty.
type office struct {
	*shared
	t       *testing.T
	at      atomic.Int32 // how many do the duty now
	done    [9]atomic.Int32
	servers []*server
	wake    chan struct{}
}

type server struct {
	line
	stop  context.CancelFunc
	ended chan struct{}
}

func newOffice(t *testing.T, servers int) *office {
	o := &office{shared: &shared{}, t: t, wake: make(chan struct{}, 1)}
	for range servers {
		o.hire()
	}
	return o
}

// hire starts one more server.
func (o *office) hire() {
	ctx, stop := context.WithCancel(context.Background())
	s := &server{line: line{shared: o.shared}, stop: stop, ended: make(chan struct{})}
	n := len(o.servers)
	o.servers = append(o.servers, s)
	duties := dispatch.New(s, string(rune('a'+n)), slog.New(slog.DiscardHandler), dispatch.Duty{
		Name: "count", Every: time.Second, Wake: o.wake, Do: func(ctx context.Context) error { return o.work(ctx, n) },
	})
	go func() { duties.Run(ctx); close(s.ended) }()
}

// work takes a while, so that two at once would be seen.
func (o *office) work(ctx context.Context, n int) error {
	if o.at.Add(1) > 1 {
		o.t.Error("two servers do one duty")
	}
	defer o.at.Add(-1)
	o.done[n].Add(1)
	select {
	case <-time.After(300 * time.Millisecond):
	case <-ctx.Done():
	}
	return errors.New("is logged, and the duty done again")
}

// holder is the one server that did something lately; -1 for none.
func (o *office) holder(within time.Duration) int {
	var before [9]int32
	for n := range o.done {
		before[n] = o.done[n].Load()
	}
	time.Sleep(within)
	synctest.Wait()
	found := -1
	for n := range o.done {
		if o.done[n].Load() > before[n] {
			require.Equal(o.t, -1, found, "one server does it, not two")
			found = n
		}
	}
	return found
}

func (o *office) close() {
	for _, s := range o.servers {
		s.stop()
		<-s.ended
	}
}

// Time in a bubble is not real: nothing here depends on the machine's speed.
func bubble(t *testing.T, test func(t *testing.T, o *office)) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, 3)
		defer o.close()
		test(t, o)
	})
}

func TestOneServerDoesTheDuties(t *testing.T) {
	bubble(t, func(t *testing.T, o *office) {
		first := o.holder(3 * time.Second)
		require.NotEqual(t, -1, first)
		require.Equal(t, first, o.holder(time.Minute), "and keeps them while it lives")
	})
}

func TestTheDutiesAreHandedOver(t *testing.T) {
	for name, c := range map[string]struct {
		end    func(*server)
		within time.Duration
	}{
		"when a server ends":               {func(s *server) { s.stop(); <-s.ended }, 2 * time.Second},
		"when it lost the database":        {func(s *server) { s.cut.Store(true) }, dispatch.DefaultTerm + 2*time.Second},
		"when another took them meanwhile": {func(s *server) { s.steal() }, dispatch.DefaultTerm + 2*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, o *office) {
				first := o.holder(3 * time.Second)
				c.end(o.servers[first])
				time.Sleep(c.within)
				synctest.Wait()
				next := o.holder(3 * time.Second)
				require.NotEqual(t, -1, next)
				if !o.servers[first].isLive() || o.servers[first].cut.Load() {
					require.NotEqual(t, first, next)
				}
			})
		})
	}
}

// steal is what a server does that nobody here knows, and that dies then.
func (s *server) steal() {
	now := s.read()
	_ = s.swap(now, cluster.Lease{Name: now.Name, Holder: "thief", Renewals: now.Renewals + 1, For: dispatch.DefaultTerm})
}

func (s *server) isLive() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// An answer that is lost does not take the duties away from who does them.
func TestALostAnswerIsNoLoss(t *testing.T) {
	bubble(t, func(t *testing.T, o *office) {
		first := o.holder(3 * time.Second)
		for range 10 {
			o.servers[first].deaf.Store(true)
			require.Equal(t, first, o.holder(3*time.Second))
		}
	})
}

// A database that is away for less than the term is not noticed, and one that
// is away for longer leaves nobody at work meanwhile.
func TestTheDatabaseIsAway(t *testing.T) {
	bubble(t, func(t *testing.T, o *office) {
		first := o.holder(3 * time.Second)
		cut := func(away bool) {
			for _, s := range o.servers {
				s.cut.Store(away)
			}
		}
		cut(true)
		time.Sleep(dispatch.DefaultTerm / 2)
		cut(false)
		require.Equal(t, first, o.holder(3*time.Second))
		cut(true)
		time.Sleep(dispatch.DefaultTerm)
		synctest.Wait()
		require.Equal(t, -1, o.holder(time.Minute))
		cut(false)
		time.Sleep(dispatch.DefaultTerm + time.Second)
		synctest.Wait()
		require.NotEqual(t, -1, o.holder(3*time.Second))
	})
}

// Servers come, go and die in any order; at no time two of them are at work,
// which work itself checks.
func TestServersComeAndGo(t *testing.T) {
	bubble(t, func(t *testing.T, o *office) {
		for range 6 {
			time.Sleep(2 * dispatch.DefaultTerm)
			if n := o.holder(3 * time.Second); n >= 0 {
				o.servers[n].cut.Store(true)
			}
			o.hire()
		}
		time.Sleep(2 * dispatch.DefaultTerm)
		n := o.holder(3 * time.Second)
		require.NotEqual(t, -1, n)
		require.False(t, o.servers[n].cut.Load())
	})
}

func TestAWakeBeginsEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wake, ran := make(chan struct{}, 1), make(chan time.Time, 9)
		ctx, stop := context.WithCancel(context.Background())
		duties := dispatch.New(&line{shared: &shared{}}, "a", slog.New(slog.DiscardHandler), dispatch.Duty{
			Name: "woken", Every: time.Hour, Wake: wake, Do: func(context.Context) error { ran <- time.Now(); return nil },
		})
		ended := make(chan struct{})
		go func() { duties.Run(ctx); close(ended) }()
		first := <-ran
		wake <- struct{}{}
		require.Equal(t, first, <-ran, "at once")
		require.Equal(t, first.Add(time.Hour), <-ran, "else when its time comes")
		stop()
		<-ended
	})
}

// A server without duties leaves the lease to others.
func TestNoDuties(t *testing.T) {
	s := &shared{}
	dispatch.New(&line{shared: s}, "a", slog.New(slog.DiscardHandler)).Run(t.Context())
	require.Zero(t, s.read())
}
