package dispatch_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// book is what servers wrote, and what was asked of it.
type book struct {
	cluster.Presences
	beats  map[string]int64
	lost   []cluster.Presence
	buried map[string]time.Time
	away   error
}

func (b *book) Servers(context.Context) (map[string]int64, error) { return b.beats, b.away }

func (b *book) ExpireServer(_ context.Context, server string, beats int64, at time.Time) error {
	if b.beats[server] != beats {
		return commit.ErrStale
	}
	b.buried[server] = at
	delete(b.beats, server)
	return nil
}

func (b *book) LostPresences(_ context.Context, before time.Time, _ int) (out []cluster.Presence, err error) {
	for _, p := range b.lost {
		if p.LostAt.Before(before) {
			out = append(out, p)
		}
	}
	return out, b.away
}

// runAll does each duty once.
func runAll(ctx context.Context, all []dispatch.Duty) (failed error) {
	for _, one := range all {
		failed = errors.Join(failed, one.Do(ctx))
	}
	return failed
}

// A server is dead when it stood still for long, and what it held was lost when
// it was last seen. Time is passed in. B:P1
func TestAttendanceFindsDeadServers(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	b := &book{beats: map[string]int64{"alive": 1, "dead": 1}, buried: map[string]time.Time{}}
	var ended []workspace.MemberID
	a := dispatch.NewPresenceMonitor(b, func(_ context.Context, _ cluster.Presences, p cluster.Presence) error {
		ended = append(ended, p.Member)
		return nil
	}, func() time.Time { return now })
	var last time.Time
	for second := range 60 {
		b.beats["alive"]++
		if second < 10 {
			b.beats["dead"]++
			last = now
		}
		require.NoError(t, runAll(t.Context(), a.Duties()))
		now = now.Add(time.Second)
	}
	require.Equal(t, map[string]time.Time{"dead": last}, b.buried)
	require.Contains(t, b.beats, "alive")

	b.lost = []cluster.Presence{{Member: "mia", LostAt: now.Add(-time.Second)}, {Member: "noa", LostAt: now.Add(time.Second)}}
	require.NoError(t, runAll(t.Context(), a.Duties()))
	require.Equal(t, []workspace.MemberID{"mia"}, ended)
}

// One that cannot be ended does not keep the others waiting, and errors are told.
func TestAttendanceGoesOn(t *testing.T) {
	now := time.Now()
	broken := errors.New("broken")
	b := &book{lost: []cluster.Presence{{Member: "mia"}, {Member: "noa"}}}
	var ended []workspace.MemberID
	a := dispatch.NewPresenceMonitor(b, func(_ context.Context, _ cluster.Presences, p cluster.Presence) error {
		ended = append(ended, p.Member)
		if p.Member == "mia" {
			return broken
		}
		return nil
	}, func() time.Time { return now })
	require.ErrorIs(t, runAll(t.Context(), a.Duties()), broken)
	require.Equal(t, []workspace.MemberID{"mia", "noa"}, ended)
	b.away, b.lost = errors.New("away"), nil
	require.ErrorIs(t, runAll(t.Context(), a.Duties()), b.away)
}
