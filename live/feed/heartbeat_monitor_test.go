package feed_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	port "switchboard/inbox/feed"
	"switchboard/live/feed"
)

// heart takes heartbeats and has the present stream tell of them.
type heart struct {
	mu     sync.Mutex
	stream *scriptedStream // nil for a stream that tells nothing
	err    error
	beats  int
	late   time.Duration // how long a heartbeat is on its way
}

func (h *heart) FeedHeartbeat(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return h.err
	}
	h.beats++
	if h.stream != nil {
		time.AfterFunc(h.late, h.stream.tell)
	}
	return nil
}

func (h *heart) set(stream *scriptedStream, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stream, h.err = stream, err
}

func (h *heart) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.beats
}

const beatEvery = 5 * time.Second

// beating runs a pulse on the pump of a rig.
func beating(t *testing.T, body func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor)) {
	t.Helper()
	pumping(t, func(t *testing.T, r *rig) {
		h := &heart{}
		p := feed.NewHeartbeatMonitor(r.pump, h, beatEvery, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		defer func() { cancel(); running.Wait() }()
		h.set(r.watched(t, "").open("p0"), nil)
		<-r.pump.Ready()
		synctest.Wait()
		running.Go(func() { p.Run(ctx) })
		body(t, r, h, p)
	})
}

func TestAQuietFeedIsHeard(t *testing.T) {
	beating(t, func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor) {
		for range 20 {
			time.Sleep(beatEvery)
			synctest.Wait()
			require.NoError(t, p.Healthy())
		}
		require.InDelta(t, 20, h.count(), 11, "about one each time")
		require.Zero(t, p.Silences())
		require.Zero(t, r.pump.Reopens())
	})
}

// Events are heard as well as heartbeats are: nobody writes beside them.
func TestABusyFeedNeedsNoHeartbeat(t *testing.T) {
	beating(t, func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor) {
		synctest.Wait()
		before := h.count()
		for n := range 100 {
			h.stream.give(news("a", n+1))
			time.Sleep(time.Second)
		}
		require.Equal(t, before, h.count())
		require.NoError(t, p.Healthy())
	})
}

// A stream that is open and mute is found out, and opened anew where it stands.
func TestAMuteFeedIsFoundAndOpenedAgain(t *testing.T) {
	beating(t, func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor) {
		stream := h.stream
		s := subscribe(t, r.hub, "a")
		stream.give(news("a", 1))
		require.Equal(t, 1, s.Next().Event.Version)
		h.set(nil, nil)
		call := r.watched(t, "p1") // ten times in a row, which is no reason to give up the place
		require.ErrorIs(t, p.Healthy(), feed.ErrSilent)
		for range 9 {
			call.open("p1")
			call = r.watched(t, "p1")
		}
		require.ErrorIs(t, p.Healthy(), feed.ErrSilent)
		stream = call.open("p1")
		h.set(stream, nil)
		stream.give(news("a", 2))
		item := s.Next()
		require.False(t, item.Gap)
		require.Equal(t, 2, item.Event.Version)
		time.Sleep(2 * beatEvery)
		synctest.Wait()
		require.NoError(t, p.Healthy())
		require.EqualValues(t, 10, p.Silences())
		require.Zero(t, r.pump.Gaps())
	})
}

// A database that takes no writes is told from a feed that is mute, which stays
// open.
func TestADatabaseThatTakesNoWrites(t *testing.T) {
	beating(t, func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor) {
		h.set(h.stream, errors.New("no primary"))
		time.Sleep(3 * beatEvery)
		synctest.Wait()
		require.ErrorIs(t, p.Healthy(), feed.ErrNoWrites)
		require.NotContains(t, p.Healthy().Error(), "no primary")
		require.Zero(t, p.Silences())
		h.set(h.stream, nil)
		time.Sleep(3 * beatEvery)
		synctest.Wait()
		require.NoError(t, p.Healthy())
		require.Zero(t, r.pump.Reopens())
	})
}

// A stream that delivers late, as those of sharded clusters do, is neither mute nor
// unready.
func TestALateFeedIsNotMute(t *testing.T) {
	for _, late := range []time.Duration{3 * time.Second, 8 * time.Second, 12 * time.Second} {
		t.Run(late.String(), func(t *testing.T) {
			beating(t, func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor) {
				synctest.Wait()
				h.mu.Lock()
				h.late = late
				h.mu.Unlock()
				for range 120 {
					time.Sleep(time.Second)
					synctest.Wait()
					require.NoError(t, p.Healthy())
				}
				require.Greater(t, h.count(), 4, "it goes on testing")
				require.Zero(t, p.Silences())
				require.Zero(t, r.pump.Reopens())
			})
		})
	}
}

// A stream that advances is alive, though its heartbeats are long on their way; and
// those who join it stand where it stands.
func TestAnIdleFeedThatAdvancesIsAlive(t *testing.T) {
	beating(t, func(t *testing.T, r *rig, h *heart, p *feed.HeartbeatMonitor) {
		synctest.Wait()
		stream := h.stream
		h.set(nil, nil)
		for range 30 {
			time.Sleep(11 * time.Second)
			stream.move()
			synctest.Wait()
			require.NoError(t, p.Healthy())
		}
		require.Zero(t, p.Silences())
		require.Greater(t, h.count(), 20, "that the database takes writes is tested all the same")
	})
}

// A stream that is open and has not delivered anything yet is not ready.
func TestAFeedThatIsMuteFromTheStart(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		h := &heart{}
		p := feed.NewHeartbeatMonitor(r.pump, h, beatEvery, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		defer func() { cancel(); running.Wait() }()
		stream := r.watched(t, "").open("p0")
		<-r.pump.Ready()
		running.Go(func() { p.Run(ctx) })
		for range 14 {
			time.Sleep(time.Second)
			require.ErrorIs(t, p.Healthy(), feed.ErrUnheard)
		}
		stream.tell()
		require.NoError(t, p.Healthy(), "at once")
	})
}

var _ port.Heartbeats = (*heart)(nil)
