package feed_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// listener is what a subscription should do, in plain steps.
type listener struct {
	sub      *feed.Subscription
	cancel   context.CancelFunc
	ws       workspace.WorkspaceID
	buffered []int
	ended    error
}

const gapMark = -1

// hear is what the hub should do with one item.
func (l *listener) hear(n, buffer int) {
	switch {
	case l.ended != nil:
	case len(l.buffered) == buffer:
		l.ended = feed.ErrSlow
	default:
		l.buffered = append(l.buffered, n)
	}
}

// read compares the next item, or the end, with what it should be.
func (l *listener) read(t *rapid.T) {
	if len(l.buffered) == 0 {
		if l.ended != nil {
			require.Nil(t, l.sub.Next())
			require.ErrorIs(t, l.sub.Err(), l.ended)
		}
		return
	}
	item := l.sub.Next()
	require.NotNil(t, item)
	if want := l.buffered[0]; want == gapMark {
		require.True(t, item.Gap)
	} else {
		require.Equal(t, want, item.Event.Version)
		require.Equal(t, l.ws, item.Event.Workspace)
	}
	l.buffered = l.buffered[1:]
}

// Whatever is done in whatever order, each listener hears what the model says,
// exactly once and in order. B:V9 B:V10
func TestHubFollowsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const buffer = 3
		h := feed.NewHub(feed.WithBuffer(buffer))
		defer h.Close()
		workspaces := rapid.SampledFrom([]workspace.WorkspaceID{"a", "b", "c"})
		var all []*listener
		n := 0
		pick := func(t *rapid.T) *listener {
			if len(all) == 0 {
				t.Skip("nobody listens")
			}
			return rapid.SampledFrom(all).Draw(t, "listener")
		}
		t.Repeat(map[string]func(*rapid.T){
			"subscribe": func(t *rapid.T) {
				ctx, cancel := context.WithCancel(context.Background())
				l := &listener{ws: workspaces.Draw(t, "workspace"), cancel: cancel}
				var err error
				l.sub, err = h.Subscribe(ctx, l.ws)
				require.NoError(t, err)
				all = append(all, l)
			},
			"publish": func(t *rapid.T) {
				n++
				ws := workspaces.Draw(t, "workspace")
				h.Publish(news(ws, n))
				for _, l := range all {
					if l.ws == ws {
						l.hear(n, buffer)
					}
				}
			},
			"gap": func(t *rapid.T) {
				h.Gap("elsewhere")
				for _, l := range all {
					l.hear(gapMark, buffer)
				}
			},
			"read": func(t *rapid.T) { pick(t).read(t) },
			"cancel": func(t *rapid.T) {
				l := pick(t)
				l.cancel()
				if l.ended == nil {
					l.ended = context.Canceled
				}
				// The end comes a moment after the cancel: wait for it.
				for range len(l.buffered) {
					l.read(t)
				}
				l.read(t)
			},
			"": func(t *rapid.T) {
				open := 0
				for _, l := range all {
					if l.ended == nil {
						open++
					}
				}
				require.Equal(t, open, h.Subscriptions())
			},
		})
		for _, l := range all {
			l.cancel()
		}
	})
}
