package feed_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// pastFeed is a feed of what was committed already.
type pastFeed struct {
	items   []port.FeedItem
	refuse  error // of Watch
	broken  error // of TryNext, at the end
	watched string
	closed  int
}

var _ port.WorkspaceFeed = (*pastFeed)(nil)

func (f *pastFeed) WatchWorkspace(_ context.Context, ws workspace.WorkspaceID, position string) (port.FeedStream, error) {
	f.watched = position
	return &pastStream{feed: f, workspace: ws}, f.refuse
}

type pastStream struct {
	feed      *pastFeed
	workspace workspace.WorkspaceID
	at        int
}

func (s *pastStream) Next(ctx context.Context) (port.FeedItem, error) {
	<-ctx.Done()
	return port.FeedItem{}, ctx.Err()
}

func (s *pastStream) TryNext(context.Context) (port.FeedItem, bool, error) {
	for s.at < len(s.feed.items) {
		s.at++
		if item := s.feed.items[s.at-1]; item.Event.Workspace == s.workspace {
			return item, true, nil
		}
	}
	return port.FeedItem{}, false, s.feed.broken
}

func (s *pastStream) Position() string            { return "" }
func (s *pastStream) Close(context.Context) error { s.feed.closed++; return nil }

// B:V3
func TestCatchUp(t *testing.T) {
	var much []port.FeedItem
	for i := range 10_002 {
		much = append(much, news("a", i))
	}
	fault := errors.New("the disk is gone")
	for name, row := range map[string]struct {
		feed    pastFeed
		want    []inbox.EventID
		reached bool
		err     error
	}{
		"nothing":              {pastFeed{}, nil, true, nil},
		"of two workspaces":    {pastFeed{items: []port.FeedItem{news("a", 1), news("b", 2), news("a", 3)}}, []inbox.EventID{"a/1", "a/3"}, true, nil},
		"history is gone":      {pastFeed{refuse: port.ErrHistoryLost}, nil, false, nil},
		"gone while reading":   {pastFeed{items: []port.FeedItem{news("a", 1)}, broken: port.ErrHistoryLost}, nil, false, nil},
		"too much":             {pastFeed{items: much}, nil, false, nil},
		"no position":          {pastFeed{refuse: fmt.Errorf("watch: %w", port.ErrBadPosition)}, nil, false, port.ErrBadPosition},
		"a fault":              {pastFeed{refuse: fault}, nil, false, fault},
		"a fault in the midst": {pastFeed{items: []port.FeedItem{news("a", 1)}, broken: fault}, nil, false, fault},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := feed.NewCatchUp(&row.feed, feed.DefaultBounds()).Since(t.Context(), feed.Caller{Workspace: "a"}, "then", "")
			require.ErrorIs(t, err, row.err)
			require.Equal(t, row.reached, err == nil && found.Lost == "")
			require.Equal(t, "then", row.feed.watched)
			require.Equal(t, row.feed.refuse == nil, row.feed.closed == 1, "the stream was left open")
			if row.reached {
				require.ElementsMatch(t, row.want, itemIDs(found.Missed))
			}
		})
	}
}

// growingFeed is a log that grows while it is read. Behind each item there is a
// place that no item has, as where a server began to listen.
type growingFeed struct {
	mu     sync.Mutex
	items  []port.FeedItem
	random *rand.Rand
	more   int // that will come
}

func (f *growingFeed) append() {
	ws := workspace.WorkspaceID("a")
	if f.random.IntN(3) == 0 {
		ws = "b"
	}
	f.items = append(f.items, news(ws, len(f.items)))
}

// place names the place behind the first n items.
func (f *growingFeed) place(n int, ofItem bool) string {
	if ofItem && n > 0 {
		return f.items[n-1].Position
	}
	return fmt.Sprint("behind ", n)
}

func (f *growingFeed) WatchWorkspace(_ context.Context, ws workspace.WorkspaceID, position string) (port.FeedStream, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := range len(f.items) + 1 {
		if position == f.place(n, true) || position == f.place(n, false) {
			return &growingStream{feed: f, workspace: ws, at: n}, nil
		}
	}
	return nil, port.ErrBadPosition
}

type growingStream struct {
	pastStream
	feed      *growingFeed
	workspace workspace.WorkspaceID
	at        int
}

func (s *growingStream) TryNext(context.Context) (port.FeedItem, bool, error) {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	if s.feed.more > 0 && s.feed.random.IntN(2) == 0 {
		s.feed.more--
		s.feed.append()
	}
	for s.at < len(s.feed.items) {
		s.at++
		if item := s.feed.items[s.at-1]; item.Event.Workspace == s.workspace {
			return item, true, nil
		}
	}
	return port.FeedItem{}, false, nil
}

func (s *growingStream) Close(context.Context) error { return nil }

// A client comes back to a server that has heard of less than the client, of
// more, or of the same: it is told each item behind its own place once. B:V3
func TestCatchUpOnAServerThatIsBehind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &growingFeed{random: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), more: rapid.IntRange(0, 4).Draw(t, "more")}
		for range rapid.IntRange(0, 12).Draw(t, "items") {
			f.append()
		}
		client, server := rapid.IntRange(0, len(f.items)).Draw(t, "client"), rapid.IntRange(0, len(f.items)).Draw(t, "server")
		position := f.place(client, rapid.Bool().Draw(t, "by an item"))
		start := f.place(server, rapid.Bool().Draw(t, "server by an item"))
		found, err := feed.NewCatchUp(f, feed.DefaultBounds()).Since(context.Background(), feed.Caller{Workspace: "a"}, position, start)
		require.NoError(t, err)
		require.Empty(t, found.Lost)

		begin := server
		if found.Ahead != "" { // it waits for that, and begins there
			require.Empty(t, found.Missed)
			begin = 1 + slices.IndexFunc(f.items, func(i port.FeedItem) bool { return i.Position == found.Ahead })
		}
		told := itemIDs(found.Missed)
		for _, item := range f.items[begin:] { // the subscription delivers all of these
			if item.Event.Workspace == "a" {
				told = append(told, item.Event.ID)
			}
		}
		require.Equal(t, idsOf(f.items[client:], "a"), told)
	})
}

// Who has been further on another server waits for this one to come there.
func TestAwait(t *testing.T) {
	h := feed.NewHub(feed.WithRing(2))
	defer h.Close()
	require.NoError(t, h.Await(t.Context(), ""), "where it stands")
	wait := func(position string) <-chan error {
		ended := make(chan error, 1)
		go func() { ended <- h.Await(t.Context(), position) }()
		return ended
	}
	third := wait(news("a", 3).Position)
	for n := range 4 {
		h.Publish(news("a", n))
	}
	require.NoError(t, <-third)
	require.NoError(t, h.Await(t.Context(), news("a", 2).Position), "it was there")

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(feed.ErrSlow)
	require.ErrorIs(t, h.Await(ctx, news("a", 9).Position), feed.ErrSlow)
	across := wait(news("a", 9).Position)
	require.Eventually(t, func() bool { // once it waits
		h.Gap("elsewhere")
		return len(across) > 0
	}, time.Minute, time.Millisecond)
	require.NoError(t, <-across)
}
