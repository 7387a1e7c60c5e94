package feed_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"switchboard/live/feed"
)

// A queue takes memory for what it holds, and none when everything was read, however much
// that was.
func TestAQueueKeepsNothingThatWasRead(t *testing.T) {
	h := feed.NewHub()
	s, err := h.Subscribe(t.Context(), "a")
	require.NoError(t, err)
	require.Zero(t, s.Places())
	for range 3 {
		for n := range 200 {
			h.Publish(news("a", n))
		}
		for n := range 200 {
			require.Equal(t, n, s.Next().Event.Version)
		}
		require.Zero(t, s.Places())
	}
	heard, open := s.Empty()
	require.False(t, heard)
	require.True(t, open)
}

// Who listens is called for everything that there is to see, also for what is there already.
func TestNewsAreTold(t *testing.T) {
	for name, row := range map[string]struct {
		before, happens func(h *feed.Hub, leave func())
		silent          bool
	}{
		"an event":                  {happens: func(h *feed.Hub, _ func()) { h.Publish(news("a", 1)) }},
		"a gap":                     {happens: func(h *feed.Hub, _ func()) { h.Gap("p") }},
		"rights":                    {happens: func(h *feed.Hub, _ func()) { h.Rechecks.Ask() }},
		"the end of the hub":        {happens: func(h *feed.Hub, _ func()) { h.Close() }},
		"the end of the context":    {happens: func(_ *feed.Hub, leave func()) { leave() }},
		"an event that was there":   {before: func(h *feed.Hub, _ func()) { h.Publish(news("a", 1)) }},
		"an end that was there":     {before: func(h *feed.Hub, _ func()) { h.Close() }},
		"news of another workspace": {happens: func(h *feed.Hub, _ func()) { h.Publish(news("b", 1)) }, silent: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := feed.NewHub()
				defer h.Close()
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				s, err := h.Subscribe(ctx, "a")
				require.NoError(t, err)
				told := 0
				if row.before != nil {
					row.before(h, leave)
				}
				s.OnNews(func() { told++ })
				if row.happens != nil {
					require.Zero(t, told)
					row.happens(h, leave)
				}
				synctest.Wait()
				require.Equal(t, !row.silent, told == 1, told)
			})
		})
	}
}
