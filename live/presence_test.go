package live_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// roll keeps presences and servers in memory.
type roll struct {
	cluster.Presences
	mu    sync.Mutex
	saved map[cluster.Presence]bool // by place, LostAt zero
	lost  map[cluster.Presence]time.Time
	beats map[string]int64
	saves int
	away  bool
	slow  time.Duration              // how long it takes to write one
	back  map[workspace.MemberID]int // how often each was said to be here
	came  map[workspace.MemberID]int // and how often of these to have just come
}

var errAway = errors.New("away")

func newRoll() *roll {
	return &roll{saved: map[cluster.Presence]bool{}, lost: map[cluster.Presence]time.Time{}, back: map[workspace.MemberID]int{}, came: map[workspace.MemberID]int{}, beats: map[string]int64{}}
}

func (r *roll) returned(_ context.Context, _ workspace.WorkspaceID, m workspace.MemberID, justCame bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return errAway
	}
	r.back[m]++
	if justCame {
		r.came[m]++
	}
	return nil
}

func (r *roll) SavePresence(ctx context.Context, p cluster.Presence) error {
	select {
	case <-time.After(r.takes()):
	case <-ctx.Done():
		return ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return errAway
	}
	at := p.LostAt
	p.LostAt = time.Time{}
	r.saved[p], r.lost[p] = at.IsZero(), at
	r.saves++
	return nil
}

func (r *roll) ServerHeartbeat(_ context.Context, server string, begin bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.away:
		return errAway
	case !begin && r.beats[server] == 0:
		return commit.ErrStale
	}
	r.beats[server]++
	return nil
}

func (r *roll) Servers(context.Context) (map[string]int64, error) { return r.beats, nil }

func (r *roll) ExpireServer(ctx context.Context, server string, _ int64, at time.Time) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.beats, server)
	for p, here := range r.saved {
		if here && p.Server == server {
			r.saved[p], r.lost[p] = false, at
		}
	}
	return nil
}

func (r *roll) beatsOf(server string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.beats[server]
}

func (r *roll) takes() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.slow
}

func (r *roll) savesSoFar() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.saves
}

func (r *roll) set(edit func(*roll)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	edit(r)
}

// connected tells whether the member is connected to the server, and since when
// not.
func (r *roll) connected(m workspace.MemberID, server string) (bool, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := cluster.Presence{Workspace: "w", Member: m, Server: server}
	return r.saved[p], r.lost[p]
}

// attend runs a Presence on r in made time; servers are named 1, 2, 3.
func attend(t *testing.T, test func(t *testing.T, r *roll, p *live.Presence)) *roll {
	t.Helper()
	r := newRoll()
	synctest.Test(t, func(t *testing.T) {
		names := 0
		p := live.NewPresence(r, r.returned, func() string { names++; return strconv.Itoa(names) }, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { p.Run(ctx); close(ended) }()
		synctest.Wait()
		test(t, r, p)
		stop()
		<-ended
	})
	return r
}

// The first connection and the last one's end are written, nothing in between.
// B:P1
func TestPresenceOfTheFirstAndTheLast(t *testing.T) {
	attend(t, func(t *testing.T, r *roll, p *live.Presence) {
		one, two := p.Connected("w", "mia"), p.Connected("w", "mia")
		synctest.Wait()
		here, _ := r.connected("mia", "1")
		require.True(t, here)
		one()
		one() // once is enough
		synctest.Wait()
		here, _ = r.connected("mia", "1")
		require.True(t, here, "one connection is left")
		require.Equal(t, 1, r.savesSoFar())
		time.Sleep(time.Second)
		gone := time.Now()
		two()
		synctest.Wait()
		here, at := r.connected("mia", "1")
		require.False(t, here)
		require.Equal(t, gone.UTC(), at)
		p.Connected("w", "mia")
		synctest.Wait()
		here, _ = r.connected("mia", "1")
		require.True(t, here, "back again")
	})
}

// Whoever is connected is said to be here when that begins, and with each beat: what
// made the member OFFLINE may be seen on this server later than the connection.
// B:P1
func TestWhoIsHereGetsBackWhatWasTaken(t *testing.T) {
	attend(t, func(t *testing.T, r *roll, p *live.Presence) {
		times := func() (n int) { r.set(func(r *roll) { n = r.back["mia"] }); return n }
		came := func() (n int) { r.set(func(r *roll) { n = r.came["mia"] }); return n }
		left := p.Connected("w", "mia")
		synctest.Wait()
		require.Equal(t, 1, times())
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Equal(t, 4, times())
		require.Equal(t, 1, came(), "has just come once")
		left()
		synctest.Wait()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Equal(t, 4, times(), "gone")
		p.Connected("w", "mia")
		synctest.Wait()
		require.Equal(t, 2, came())
	})
}

// A server to which a thousand connect at once shows all the while that it lives: it would
// be taken for dead after seconds.
func TestPresenceBeatsWhileMuchIsWritten(t *testing.T) {
	attend(t, func(t *testing.T, r *roll, p *live.Presence) {
		const people = 1_000
		r.set(func(r *roll) { r.slow = 20 * time.Millisecond })
		for n := range people {
			p.Connected("w", workspace.MemberID(strconv.Itoa(n)))
		}
		time.Sleep(people / 2 * 20 * time.Millisecond)
		require.GreaterOrEqual(t, r.beatsOf("1"), int64(3), "after ten seconds")
		r.set(func(r *roll) { delete(r.beats, "1") }) // taken for dead all the same
		time.Sleep(2 * people * 20 * time.Millisecond)
		r.set(func(r *roll) { r.slow = 0 })
		for n := range people {
			here, _ := r.connected(workspace.MemberID(strconv.Itoa(n)), "2")
			require.True(t, here, "%d", n)
		}
	})
}

// A server says that it ends although it cannot write in time who was connected to it.
func TestPresenceSaysFarewellInTime(t *testing.T) {
	r := attend(t, func(_ *testing.T, r *roll, p *live.Presence) {
		left := p.Connected("w", "mia")
		synctest.Wait()
		r.set(func(r *roll) { r.slow = time.Minute })
		left()
	})
	here, _ := r.connected("mia", "1")
	require.False(t, here)
	require.Empty(t, r.beats)
}

// While the database is away nothing is forgotten; a server that was taken for
// dead begins again under another name with all that it has.
func TestPresenceOutlivesTheDatabase(t *testing.T) {
	attend(t, func(t *testing.T, r *roll, p *live.Presence) {
		r.set(func(r *roll) { r.away = true })
		left := p.Connected("w", "mia")
		p.Connected("w", "noa")
		time.Sleep(time.Minute)
		left()
		gone := time.Now()
		synctest.Wait()
		require.Zero(t, r.savesSoFar())
		r.set(func(r *roll) { r.away = false; delete(r.beats, "1") })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		here, _ := r.connected("noa", "2")
		require.True(t, here)
		here, at := r.connected("mia", "1")
		if at.IsZero() {
			here, at = r.connected("mia", "2")
		}
		require.False(t, here)
		require.Equal(t, gone.UTC(), at)
	})
}

// A database that is away at the start is waited for.
func TestPresenceBeginsLate(t *testing.T) {
	attend(t, func(t *testing.T, r *roll, p *live.Presence) {
		require.Equal(t, int64(1), r.beatsOf("1"))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Greater(t, r.beatsOf("1"), int64(1), "it shows that it lives")
	})
	r := newRoll()
	r.away = true
	synctest.Test(t, func(t *testing.T) {
		p := live.NewPresence(r, r.returned, func() string { return "late" }, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { p.Run(ctx); close(ended) }()
		p.Connected("w", "mia")
		time.Sleep(time.Minute)
		r.set(func(r *roll) { r.away = false })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		here, _ := r.connected("mia", "late")
		require.True(t, here)
		stop()
		<-ended
	})
}

// A server that ends says that it held nobody any more.
func TestPresenceSaysFarewell(t *testing.T) {
	r := attend(t, func(_ *testing.T, _ *roll, p *live.Presence) {
		p.Connected("w", "mia")
		synctest.Wait()
	})
	here, at := r.connected("mia", "1")
	require.False(t, here)
	require.NotZero(t, at)
	require.Empty(t, r.beats)
}
