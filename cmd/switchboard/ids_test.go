package main

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"
)

func TestIDsAreUniqueAndSortByTime(t *testing.T) {
	const callers, each = 8, 1000
	made := newIDs()
	lists := make([][]string, callers)
	var all sync.WaitGroup
	for i := range lists {
		all.Go(func() {
			for range each {
				lists[i] = append(lists[i], made.next())
			}
		})
	}
	all.Wait()
	for _, list := range lists {
		require.True(t, slices.IsSorted(list), "a later id sorts before an earlier one")
	}
	merged := slices.Concat(lists...)
	slices.Sort(merged)
	require.Len(t, slices.Compact(merged), callers*each)
}

// A clock that was set back does not turn the order round.
func TestIDsWhenTheClockGoesBack(t *testing.T) {
	made := newIDs()
	made.latest = ulid.Timestamp(time.Now().Add(time.Hour))
	first, second := made.next(), made.next()
	require.Less(t, first, second)
	require.Equal(t, first[:10], second[:10])
}

// The demo plays the past, out of order.
func TestIDsOfAnotherTime(t *testing.T) {
	made, now := newIDs(), time.Now()
	late, early, lateAgain := made.at(now), made.at(now.Add(-time.Hour)), made.at(now)
	require.Less(t, early, late)
	require.NotEqual(t, late, lateAgain)
	require.Equal(t, late[:10], lateAgain[:10])
}

// A server that starts with a clock that was set back, or that is slower than
// another server's, makes ids that sort behind all that is stored, and says so.
func TestIDsFollowWhatIsStored(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	for name, c := range map[string]struct {
		ahead time.Duration
		warns bool
	}{"in the past": {-time.Hour, false}, "a little ahead": {time.Second, false}, "far ahead": {time.Hour, true}} {
		t.Run(name, func(t *testing.T) {
			stored, err := sqlite.Open(t.Context(), sqlite.Config{})
			require.NoError(t, err)
			defer func() { require.NoError(t, stored.Close(context.Background())) }()
			ids, err := idsBehind(t.Context(), stored, slog.New(slog.DiscardHandler))
			require.NoError(t, err, "an empty database")
			newest := inbox.EventID(ids.at(time.Now().Add(c.ahead)))
			require.NoError(t, stored.SaveDirectory(t.Context(), inbox.Event{
				ID: newest, Workspace: "w", Type: inbox.DirectoryEvent, Directory: &workspace.DirectoryChange{Team: &workspace.Team{ID: "t", Workspace: "w", Rev: 1}},
			}))
			var said bytes.Buffer
			ids, err = idsBehind(t.Context(), stored, newLogger(&said, logSettings{LogFormat: "text", LogLevel: "info"}))
			require.NoError(t, err)
			last := string(newest)
			for range 3 {
				next := ids.next()
				require.Greater(t, next, last)
				last = next
			}
			require.Equal(t, c.warns, strings.Contains(said.String(), "level=WARN"), said.String())
			if c.warns {
				require.Regexp(t, `clock=\S+ newest=\S+`, said.String())
			}
		})
	}
	made := newIDs()
	for _, other := range []string{"", "e1", "demo-001-what-is-no-ulid-at-all", strings.Repeat("Z", 26)} {
		require.True(t, made.follow(other).IsZero(), other)
	}
	require.Less(t, made.next(), ulid.MustNew(ulid.Timestamp(time.Now().Add(time.Minute)), nil).String())
}
