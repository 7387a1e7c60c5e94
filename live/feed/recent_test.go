package feed_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/live/feed"
)

// recentFeed is a feed with a past.
type recentFeed struct {
	*scriptedFeed
	past  []port.FeedItem // an item without an event is a heartbeat
	slow  time.Duration   // to read one
	fails error
	mu    sync.Mutex
	asked []string
}

func (f *recentFeed) WatchRecent(_ context.Context, back time.Duration, most int) (port.FeedStream, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, fmt.Sprint(back, " ", most))
	s := &recentStream{feed: f, at: "before"}
	return s, f.fails
}

type recentStream struct {
	scriptedStream
	feed  *recentFeed
	read  int
	at    string
	heard func(string)
}

func (s *recentStream) OnHeartbeat(heard func(string)) { s.heard = heard }
func (s *recentStream) Position() string               { return s.at }

func (s *recentStream) TryNext(ctx context.Context) (port.FeedItem, bool, error) {
	for s.read < len(s.feed.past) {
		item := s.feed.past[s.read]
		s.read++
		s.at = item.Position
		select {
		case <-time.After(s.feed.slow):
		case <-ctx.Done():
			return port.FeedItem{}, false, ctx.Err()
		}
		if item.Event.ID != "" {
			return item, true, nil
		}
		s.heard(item.Position)
	}
	s.at = "end"
	return port.FeedItem{}, false, nil
}

// starting runs a pump on a feed with a past, which keeps so many items.
func starting(t *testing.T, f *recentFeed, size int, body func(t *testing.T, h *feed.Hub, p *feed.Pump)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f.scriptedFeed = newScriptedFeed()
		h := feed.NewHub(feed.WithRing(size))
		p := feed.NewPump(f, h, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { p.Run(ctx) })
		defer func() { cancel(); running.Wait(); h.Close() }()
		body(t, h, p)
	})
}

func heartbeatAt(position string) port.FeedItem { return port.FeedItem{Position: position} }

// missedAfter is what the hub tells from memory; nil when it cannot.
func missedAfter(t *testing.T, h *feed.Hub, position string) []inbox.EventID {
	t.Helper()
	s, missed, reached, err := h.SubscribeAfter(t.Context(), "a", position)
	require.NoError(t, err)
	s.Leave()
	if !reached {
		return nil
	}
	return itemIDs(missed)
}

// A server that starts knows what was committed shortly before, behind each position
// that another server handed out, and tells it to nobody who was not away. B:V3
func TestAServerStartsWithTheRecentPast(t *testing.T) {
	f := &recentFeed{past: []port.FeedItem{news("a", 1), heartbeatAt("beat 1"), heartbeatAt("beat 2"), news("b", 2), news("a", 3), heartbeatAt("beat 3")}}
	starting(t, f, 100, func(t *testing.T, h *feed.Hub, p *feed.Pump) {
		early := subscribe(t, h, "a")
		call := <-f.calls
		require.Equal(t, "end", call.position, "it goes on where the past ends")
		stream := call.open("end")
		<-p.Ready()
		synctest.Wait()
		require.Equal(t, []string{"5m0s 100"}, f.asked)
		require.Equal(t, 3, h.Kept())
		require.Equal(t, "beat 3", h.Position(), "which other servers know")
		for position, want := range map[string][]inbox.EventID{
			"before": {"a/1", "a/3"}, "p1": {"a/3"}, "beat 1": {"a/3"}, "beat 2": {"a/3"}, "p2": {"a/3"}, "p3": {}, "beat 3": {}, "never": nil, "end": nil,
		} {
			require.Equal(t, want, missedAfter(t, h, position), position)
		}
		stream.give(news("a", 4))
		synctest.Wait()
		require.Equal(t, []inbox.EventID{"a/3", "a/4"}, missedAfter(t, h, "beat 1"))
		requireGap(t, "beat 3", early.Next())
		require.Equal(t, 4, early.Next().Event.Version)
		require.Zero(t, p.Reopens())
		require.Zero(t, p.Gaps())

		stream.breakWith(port.ErrHistoryLost)
		(<-f.calls).open("later")
		synctest.Wait()
		require.Nil(t, missedAfter(t, h, "p3"), "nothing is told across a gap")
		require.Len(t, f.asked, 1, "it is read at start alone")
	})
}

// No more is kept than what the ring holds, and the start waits three seconds at most:
// then the feed opens at its present end.
func TestTheRecentPastIsBounded(t *testing.T) {
	long := make([]port.FeedItem, 1_000)
	for n := range long {
		long[n] = news("a", n+1)
	}
	large := news("a", 1)
	large.Size = 1 << 30
	both := []string{"5m0s 64", "30s 8"}
	for name, row := range map[string]struct {
		feed     *recentFeed
		position string
		kept     int
		asked    []string
		longest  time.Duration
	}{
		"long":          {&recentFeed{past: long}, "end", 64, both[:1], 0},
		"slow":          {&recentFeed{past: long, slow: 100 * time.Millisecond}, "", 0, both, 3 * time.Second},
		"large":         {&recentFeed{past: []port.FeedItem{large}}, "", 0, both, 0},
		"gone":          {&recentFeed{fails: port.ErrHistoryLost}, "", 0, both, 0},
		"not allowed":   {&recentFeed{fails: errors.New("no")}, "", 0, both, 0},
		"nothing":       {&recentFeed{}, "end", 0, both[:1], 0},
		"a little late": {&recentFeed{past: long[:10], slow: 100 * time.Millisecond}, "end", 10, both[:1], time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			f := row.feed
			starting(t, f, 64, func(t *testing.T, h *feed.Hub, p *feed.Pump) {
				began := time.Now()
				call := <-f.calls
				require.LessOrEqual(t, time.Since(began), row.longest)
				require.Equal(t, row.position, call.position)
				call.fail(errDown) // which is no reason to read it again
				call = <-f.calls
				require.Equal(t, row.position, call.position)
				call.open("here")
				<-p.Ready()
				synctest.Wait()
				require.Equal(t, row.kept, h.Kept())
				require.Equal(t, row.asked, f.asked)
			})
		})
	}
}

// Where the log ends too soon for the feed to go on behind the past, the past is
// forgotten: events may be missing between.
func TestThePastIsForgottenWhereTheFeedCannotGoOn(t *testing.T) {
	f := &recentFeed{past: []port.FeedItem{news("a", 1)}}
	starting(t, f, 100, func(t *testing.T, h *feed.Hub, p *feed.Pump) {
		(<-f.calls).fail(port.ErrHistoryLost)
		call := <-f.calls
		require.Empty(t, call.position)
		call.open("now")
		<-p.Ready()
		synctest.Wait()
		require.Zero(t, h.Kept())
		require.Nil(t, missedAfter(t, h, "before"))
	})
}

// Where no heartbeats are written, the position moves with what the stream passes.
func TestThePositionMovesWithTheStream(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("p0")
		<-r.pump.Ready()
		synctest.Wait()
		at := func() string { return r.hub.Checkpoint("a").PositionAfter(func(inbox.Event) bool { return true }) }
		stream.give(news("a", 1))
		synctest.Wait()
		stream.position.Store("quiet")
		stream.move()
		require.Equal(t, "p1", r.hub.Position(), "while changes come, theirs is known to more servers")
		for n := range 3 {
			time.Sleep(time.Minute)
			before, now := at(), fmt.Sprint("quiet ", n)
			stream.position.Store(now)
			stream.move()
			require.Equal(t, now, r.hub.Position())
			time.Sleep(time.Minute)
			require.NotEqual(t, before, at())
			require.Contains(t, at(), now)
		}
		require.Equal(t, []inbox.EventID{}, missedAfter(t, r.hub, "p1"))
	})
}
