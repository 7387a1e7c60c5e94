package dispatch_test

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox/cluster"
)

// ledger is what servers wrote, and counts how often it is asked. One server beats.
type ledger struct {
	cluster.Presences
	mu     sync.Mutex
	beats  map[string]int64
	lost   []cluster.Presence
	asked  int
	buried map[string]time.Time
	ended  map[string]time.Time
}

func (l *ledger) Servers(context.Context) (map[string]int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	return maps.Clone(l.beats), nil
}

func (l *ledger) ExpireServer(_ context.Context, server string, _ int64, at time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buried[server] = time.Now()
	delete(l.beats, server)
	l.lost = append(l.lost, cluster.Presence{Server: server, LostAt: at})
	return nil
}

func (l *ledger) LostPresences(_ context.Context, before time.Time, _ int) (out []cluster.Presence, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	for _, p := range l.lost {
		if p.LostAt.Before(before) {
			out = append(out, p)
		}
	}
	return out, nil
}

func (l *ledger) SavePresence(_ context.Context, p cluster.Presence) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !p.LostAt.IsZero() {
		l.lost = append(l.lost, p)
	}
	return nil
}

func (l *ledger) ServerHeartbeat(_ context.Context, server string, _ bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beats[server]++
	return nil
}

// end is the rule: a grace of 20 seconds.
func (l *ledger) end(_ context.Context, _ cluster.Presences, p cluster.Presence) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(p.LostAt) >= grace {
		l.ended[p.Server], l.lost = time.Now(), nil
	}
	return nil
}

const grace = 20 * time.Second

// A server that is alone asks seldom for dead servers and lost members, and is as early as
// always where there may be one: at its own losses, when another server began, whether or
// not the bulletin came, and after events were missed. B:P1
func TestPresencesAreAskedForWhereSomethingMayBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{beats: map[string]int64{}, buried: map[string]time.Time{}, ended: map[string]time.Time{}}
		monitor := dispatch.NewPresenceMonitor(l, l.end, time.Now)
		heard := true
		own := monitor.Presences(func(_ context.Context, bulletin []byte) error {
			if heard {
				require.True(t, monitor.Hear(bulletin))
			}
			return nil
		})
		require.False(t, monitor.Hear([]byte("abreast x 1")))
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() {
			dispatch.New(&line{shared: &shared{}}, "one", slog.New(slog.DiscardHandler), monitor.Duties()...).Run(ctx)
		})
		require.NoError(t, own.ServerHeartbeat(ctx, "one", true))
		running.Go(func() {
			for ctx.Err() == nil {
				_ = own.ServerHeartbeat(ctx, "one", false)
				pause(ctx, dispatch.PresenceInterval)
			}
		})
		during := func(d time.Duration) int {
			l.mu.Lock()
			before := l.asked
			l.mu.Unlock()
			time.Sleep(d)
			synctest.Wait()
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.asked - before
		}
		quiet := func(why string) {
			t.Helper()
			during(2 * time.Minute)
			require.LessOrEqual(t, during(time.Hour), 2*int(time.Hour/dispatch.QuietPause)+2, why)
		}
		quiet("alone")
		at := time.Now()
		require.NoError(t, own.SavePresence(ctx, cluster.Presence{Server: "one", LostAt: at}))
		during(grace + 5*time.Second)
		require.LessOrEqual(t, l.ended["one"].Sub(at), grace+dispatch.PresenceInterval)
		quiet("after the loss")
		for name, told := range map[string]bool{"two": true, "three": false} {
			heard = told
			require.NoError(t, own.ServerHeartbeat(ctx, name, true))
			if !told {
				during(dispatch.QuietPause) // it is found out
			}
			at = time.Now()
			during(time.Minute)
			require.LessOrEqual(t, l.buried[name].Sub(at), 15*time.Second, name)
			require.LessOrEqual(t, l.ended[name].Sub(at), grace+2*dispatch.PresenceInterval, name)
			quiet("when " + name + " is dead")
		}
		for name, signal := range map[string]func(){"lost": monitor.FeedLost, "back": monitor.FeedBack, "forget": monitor.Forget} {
			signal()
			require.GreaterOrEqual(t, during(time.Minute), 2*int(time.Minute/dispatch.PresenceInterval)-2, name)
			quiet(name)
		}
		stop()
		running.Wait()
	})
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
