package feed_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

func subscribe(t *testing.T, h *feed.Hub, ws workspace.WorkspaceID) *feed.Subscription {
	t.Helper()
	s, err := h.Subscribe(t.Context(), ws)
	require.NoError(t, err)
	return s
}

// rest reads a subscription that has ended, to its end.
func rest(s *feed.Subscription) []*feed.Item {
	var all []*feed.Item
	for item := range s.Items() {
		all = append(all, item)
	}
	return all
}

// requireGap demands an item that tells nothing but a gap before position.
func requireGap(t *testing.T, position string, item *feed.Item) {
	t.Helper()
	require.NotZero(t, item.Number)
	require.Equal(t, &feed.Item{Position: position, Gap: true, Reason: feed.GapHistoryLost, Number: item.Number}, item)
}

func versions(items []*feed.Item) []int {
	out := []int{}
	for _, item := range items {
		out = append(out, item.Event.Version)
	}
	return out
}

func TestSubscribersGetTheirWorkspaceInOrder(t *testing.T) { // B:V9 B:Z7
	h := feed.NewHub()
	early, other := subscribe(t, h, "a"), subscribe(t, h, "b")
	h.Publish(news("a", 1))
	late := subscribe(t, h, "a")
	h.Publish(news("b", 2))
	h.Publish(news("a", 3))
	h.Publish(news("nobody", 4))
	h.Close()

	require.Equal(t, []int{1, 3}, versions(rest(early)))
	require.Equal(t, []int{2}, versions(rest(other)))
	require.Equal(t, []int{3}, versions(rest(late)), "an event from before Subscribe returned must not come")
}

func TestDirectoryEventsComeThroughTheSameSubscription(t *testing.T) { // B:Z4
	h := feed.NewHub()
	s := subscribe(t, h, "a")
	h.Publish(renamed("a", 7))
	item := s.Next()
	require.Equal(t, inbox.DirectoryEvent, item.Event.Type)
	require.Equal(t, 7, item.Event.Directory.Workspace.Rev)
	h.Close()
}

func TestSubscribersShareOneItem(t *testing.T) {
	h := feed.NewHub()
	one, two := subscribe(t, h, "a"), subscribe(t, h, "a")
	h.Publish(news("a", 1))
	require.Same(t, one.Next(), two.Next())
	h.Close()
}

func TestASlowSubscriberIsEndedAndHoldsNobodyUp(t *testing.T) { // B:V10
	h := feed.NewHub(feed.WithBuffer(2))
	slow, quick := subscribe(t, h, "a"), subscribe(t, h, "a")
	for n := 1; n <= 5; n++ {
		h.Publish(news("a", n))
		require.Equal(t, n, quick.Next().Event.Version)
	}
	require.Equal(t, []int{1, 2}, versions(rest(slow)), "what came until then has no hole")
	require.ErrorIs(t, slow.Err(), feed.ErrSlow)
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(slow.Err()))
	require.NoError(t, quick.Err())
	require.Equal(t, 1, h.Subscriptions())
	require.EqualValues(t, 1, h.Slow())
	h.Close()
	require.ErrorIs(t, slow.Err(), feed.ErrSlow, "the first reason stays")
}

func TestAGapReachesEveryWorkspaceAndSaysWhereTheFeedGoesOn(t *testing.T) { // B:V3
	h := feed.NewHub()
	a, b := subscribe(t, h, "a"), subscribe(t, h, "b")
	h.Publish(news("a", 1))
	h.Gap("elsewhere")
	h.Publish(news("a", 2))
	h.Close()
	items := rest(a)
	require.Len(t, items, 3)
	requireGap(t, "elsewhere", items[1])
	others := rest(b)
	require.Len(t, others, 1)
	requireGap(t, "elsewhere", others[0])
}

func TestAGapThatFindsNoRoomEndsTheSubscription(t *testing.T) { // B:V10
	h := feed.NewHub(feed.WithBuffer(1))
	s := subscribe(t, h, "a")
	h.Publish(news("a", 1))
	h.Gap("elsewhere")
	require.Equal(t, []int{1}, versions(rest(s)))
	require.ErrorIs(t, s.Err(), feed.ErrSlow)
}

func TestStartIsWhereTheFeedStood(t *testing.T) {
	h := feed.NewHub()
	require.Empty(t, subscribe(t, h, "a").Start())
	h.Gap("p0")
	require.Equal(t, "p0", subscribe(t, h, "a").Start())
	h.Publish(news("b", 8))
	require.Equal(t, "p0", subscribe(t, h, "a").Start(), "another workspace's event does not count")
	h.Publish(news("a", 9))
	require.Equal(t, "p9", subscribe(t, h, "a").Start())
	h.Close()
}

func TestTheContextEndsASubscription(t *testing.T) {
	h := feed.NewHub()
	why := errors.New("rights were revoked")
	ctx, cancel := context.WithCancelCause(t.Context())
	s, err := h.Subscribe(ctx, "a")
	require.NoError(t, err)
	stays := subscribe(t, h, "a")
	h.Publish(news("a", 1))
	cancel(why)
	require.Equal(t, []int{1}, versions(rest(s)))
	require.ErrorIs(t, s.Err(), why)

	h.Publish(news("a", 2))
	require.Equal(t, 1, h.Subscriptions())
	h.Close()
	require.Equal(t, []int{1, 2}, versions(rest(stays)))

	_, err = h.Subscribe(ctx, "a")
	require.ErrorIs(t, err, why)
}

func TestAFullHubRefuses(t *testing.T) {
	h := feed.NewHub(feed.WithMaxSubscriptions(2))
	ctx, cancel := context.WithCancel(t.Context())
	leaves, err := h.Subscribe(ctx, "a")
	require.NoError(t, err)
	subscribe(t, h, "b")
	_, err = h.Subscribe(t.Context(), "c")
	require.ErrorIs(t, err, feed.ErrFull)
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))

	cancel()
	rest(leaves)
	subscribe(t, h, "c")
	require.Equal(t, 2, h.Subscriptions())
	h.Close()
}

func TestAClosedHub(t *testing.T) {
	h := feed.NewHub()
	s := subscribe(t, h, "a")
	h.Publish(news("a", 1))
	h.Close()
	h.Close()
	h.Publish(news("a", 2))
	h.Gap("p3")
	require.Equal(t, []int{1}, versions(rest(s)))
	require.ErrorIs(t, s.Err(), feed.ErrClosed)
	require.Zero(t, h.Subscriptions())
	_, err := h.Subscribe(t.Context(), "a")
	require.ErrorIs(t, err, feed.ErrClosed)
}
