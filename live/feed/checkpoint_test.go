package feed_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/live/feed"
)

func anything(inbox.Event) bool { return true }

// Comparing positions tells of nothing but what one may see: they change with
// that, and by the clock, whatever others do. B:Z7
func TestPositionsTellNothingOfOthers(t *testing.T) {
	watch := func(t *testing.T, others func(h *feed.Hub, n int)) (changes []int) {
		synctest.Test(t, func(*testing.T) {
			h := feed.NewHub(feed.WithTick(time.Minute))
			h.Gap("start")
			last := h.Checkpoint("a").PositionAfter(anything)
			for n := range 180 { // seconds
				time.Sleep(time.Second)
				others(h, n)
				if n == 70 {
					h.Publish(news("a", 1_000))
				}
				if now := h.Checkpoint("a").PositionAfter(anything); now != last {
					last, changes = now, append(changes, n)
				}
			}
		})
		return changes
	}
	quiet := watch(t, func(*feed.Hub, int) {})
	require.Len(t, quiet, 4, "three ticks, and an event of its own")
	require.Equal(t, quiet, watch(t, func(h *feed.Hub, n int) { h.Publish(news("b", n)) }))
	require.Equal(t, quiet, watch(t, func(h *feed.Hub, n int) {
		if n > 20 && n < 50 {
			h.Publish(news("b", n))
		}
	}))
	require.Equal(t, quiet, watch(t, func(h *feed.Hub, n int) { h.Move(news("", n).Position) }))
}

// Who sees a part of the workspace has positions that move with that part.
func TestPositionsMoveWithWhatIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := feed.NewHub()
		h.Gap("start")
		mine := func(e inbox.Event) bool { return e.Version%2 == 0 }
		begin := h.Checkpoint("a").PositionAfter(mine)
		h.Publish(news("a", 1))
		require.Equal(t, begin, h.Checkpoint("a").PositionAfter(mine))
		before := h.Checkpoint("a")
		h.Publish(news("a", 2))
		h.Publish(news("a", 3))
		require.Equal(t, "p2", h.Checkpoint("a").PositionAfter(mine))
		require.Equal(t, "p3", h.Checkpoint("a").PositionAfter(anything))
		require.Equal(t, begin, before.PositionAfter(mine), "what was asked first stays as it was")
		for n := range 5_000 {
			h.Publish(news("a", 2*n+1))
		}
		require.Equal(t, begin, h.Checkpoint("a").PositionAfter(mine), "further back is right as well")
	})
}

// Behind each position that anybody was handed, at any time, everything of the
// workspace that came since is told: also from an idle night, and beside a busy
// neighbour. B:V3
func TestEveryPositionCanBeResumedFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := feed.NewHub(feed.WithRing(4_096))
		h.Gap("start")
		type handed struct {
			at    string
			since int // how many events of the workspace were told before
		}
		var all []handed
		var told []inbox.EventID
		for n := range 600 {
			switch time.Sleep(7 * time.Second); {
			case n%37 == 0:
				item := news("a", n)
				h.Publish(item)
				told = append(told, item.Event.ID)
			case n%3 == 0, n > 300 && n < 400:
				h.Move("idle " + news("", n).Position)
			default:
				h.Publish(news("b", n))
			}
			standing := h.Checkpoint("a")
			narrow := standing.PositionAfter(func(inbox.Event) bool { return false })
			all = append(all, handed{standing.PositionAfter(anything), len(told)}, handed{narrow, len(told)})
		}
		for _, one := range all {
			_, missed, reached, err := h.SubscribeAfter(t.Context(), "a", one.at)
			require.NoError(t, err)
			require.True(t, reached, one.at)
			require.GreaterOrEqual(t, len(missed), len(told)-one.since)
			got := itemIDs(missed)
			require.Equal(t, told[len(told)-len(got):], got)
			require.LessOrEqual(t, len(missed), len(told)-one.since+1, "a tick is told again at most")
		}
		h.Close()
	})
}

// A heartbeat moves the position of an idle server on, and who was handed one
// before goes on all the same.
func TestHeartbeatsMoveTheHub(t *testing.T) {
	pumping(t, func(t *testing.T, r *rig) {
		stream := r.watched(t, "").open("start")
		stream.give(news("a", 1))
		synctest.Wait()
		stream.position.Store("idle")
		stream.tell()
		require.Equal(t, "idle", r.hub.Position())
		stream.give(news("a", 2))
		synctest.Wait()
		for position, want := range map[string][]inbox.EventID{"p1": {"a/2"}, "idle": {"a/2"}, "p2": {}, "start": {"a/1", "a/2"}} {
			s, missed, reached, err := r.hub.SubscribeAfter(t.Context(), "a", position)
			require.NoError(t, err)
			require.True(t, reached, position)
			require.Equal(t, want, itemIDs(missed), position)
			s.Leave()
		}
	})
}
