package feed_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// Whoever comes back is told exactly what came meanwhile, or that this can no
// longer be said. B:V3
func TestSubscribeAfter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 8).Draw(t, "size")
		h := feed.NewHub(feed.WithRing(size))
		defer h.Close()
		var told []port.FeedItem
		gap := 0 // how many were told before the last gap
		for i := range rapid.IntRange(0, 30).Draw(t, "items") {
			if rapid.IntRange(0, 15).Draw(t, "gap") == 0 {
				gap = len(told)
				h.Gap(fmt.Sprintf("gap %d", i))
			}
			ws := rapid.SampledFrom([]workspace.WorkspaceID{"a", "b"}).Draw(t, "workspace")
			item := port.FeedItem{Event: inbox.Event{ID: inbox.EventID(fmt.Sprint(i)), Workspace: ws}, Position: fmt.Sprint("at ", i)}
			h.Publish(item)
			told = append(told, item)
		}
		if len(told) == 0 {
			return
		}
		last := rapid.IntRange(0, len(told)-1).Draw(t, "last seen")
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s, missed, reached, err := h.SubscribeAfter(ctx, "a", told[last].Position)
		require.NoError(t, err)
		require.EqualValues(t, 1, h.Joined())
		between := len(told) - 1 - last
		newest := last // whether it is behind the last of its workspace, which is known for longer
		for i := gap; i < len(told); i++ {
			if told[i].Event.Workspace == "a" {
				newest = i
			}
		}
		known := last >= gap && (between <= size || newest == last && told[last].Event.Workspace == "a")
		// Where nothing of the workspace came since, its position may be the one that all
		// workspaces had when the feed was looked at last, which depends on the time.
		if still := last >= gap && newest <= last; !still || known {
			require.Equal(t, known, reached)
		}
		if reached {
			require.Equal(t, idsOf(told[last+1:], "a"), itemIDs(missed))
		}
		h.Publish(port.FeedItem{Event: inbox.Event{ID: "next", Workspace: "a"}, Position: "next"})
		next := s.Next()
		require.Equal(t, inbox.EventID("next"), next.Event.ID, "what was missed is told twice")
		require.Greater(t, next.Number, s.Sequence())
		for _, item := range missed {
			require.LessOrEqual(t, item.Number, s.Sequence())
		}
	})
}

func idsOf(items []port.FeedItem, ws workspace.WorkspaceID) []inbox.EventID {
	out := []inbox.EventID{}
	for _, item := range items {
		if item.Event.Workspace == ws {
			out = append(out, item.Event.ID)
		}
	}
	return out
}

func itemIDs(items []*feed.Item) []inbox.EventID {
	out := []inbox.EventID{}
	for _, item := range items {
		out = append(out, item.Event.ID)
	}
	return out
}

// The beginning of the feed can be resumed from before anything happened, and a
// made-up position cannot.
func TestSubscribeAfterTheBeginning(t *testing.T) {
	h := feed.NewHub()
	defer h.Close()
	h.Gap("start")
	_, missed, reached, err := h.SubscribeAfter(t.Context(), "a", "start")
	require.NoError(t, err)
	require.True(t, reached)
	require.Empty(t, missed)
	h.Publish(port.FeedItem{Event: inbox.Event{ID: "1", Workspace: "a"}, Position: "one"})
	_, missed, reached, err = h.SubscribeAfter(t.Context(), "a", "start")
	require.NoError(t, err)
	require.True(t, reached)
	require.Equal(t, []inbox.EventID{"1"}, itemIDs(missed))
	_, _, reached, err = h.SubscribeAfter(t.Context(), "a", "made up")
	require.NoError(t, err)
	require.False(t, reached)
}

func TestSubscribeAfterRefusals(t *testing.T) {
	full := feed.NewHub(feed.WithMaxSubscriptions(0))
	_, _, _, err := full.SubscribeAfter(t.Context(), "a", "")
	require.ErrorIs(t, err, feed.ErrFull)
	full.Close()
	_, _, _, err = full.SubscribeAfter(t.Context(), "a", "")
	require.ErrorIs(t, err, feed.ErrClosed)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, _, err = full.SubscribeAfter(over, "a", "")
	require.ErrorIs(t, err, context.Canceled)
}
