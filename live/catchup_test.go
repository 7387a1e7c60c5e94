package live_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/live"
)

// pastFeed is a feed of what was committed already.
type pastFeed struct {
	items   []inbox.FeedItem
	refuse  error // of Watch
	broken  error // of TryNext, at the end
	watched string
	closed  int
}

var _ inbox.Feed = (*pastFeed)(nil)

func (f *pastFeed) Watch(_ context.Context, position string) (inbox.FeedStream, error) {
	f.watched = position
	return &pastStream{feed: f}, f.refuse
}

type pastStream struct {
	feed *pastFeed
	at   int
}

func (s *pastStream) Next(ctx context.Context) (inbox.FeedItem, error) {
	<-ctx.Done()
	return inbox.FeedItem{}, ctx.Err()
}

func (s *pastStream) TryNext(context.Context) (inbox.FeedItem, bool, error) {
	if s.at == len(s.feed.items) {
		return inbox.FeedItem{}, false, s.feed.broken
	}
	s.at++
	return s.feed.items[s.at-1], true, nil
}

func (s *pastStream) Position() string            { return "" }
func (s *pastStream) Close(context.Context) error { s.feed.closed++; return nil }

// B:V3
func TestCatchUp(t *testing.T) {
	var much []inbox.FeedItem
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
		"of two workspaces":    {pastFeed{items: []inbox.FeedItem{news("a", 1), news("b", 2), news("a", 3)}}, []inbox.EventID{"a/1", "a/3"}, true, nil},
		"history is gone":      {pastFeed{refuse: inbox.ErrHistoryLost}, nil, false, nil},
		"gone while reading":   {pastFeed{items: []inbox.FeedItem{news("a", 1)}, broken: inbox.ErrHistoryLost}, nil, false, nil},
		"too much":             {pastFeed{items: much}, nil, false, nil},
		"no position":          {pastFeed{refuse: fmt.Errorf("watch: %w", inbox.ErrBadPosition)}, nil, false, inbox.ErrBadPosition},
		"a fault":              {pastFeed{refuse: fault}, nil, false, fault},
		"a fault in the midst": {pastFeed{items: []inbox.FeedItem{news("a", 1)}, broken: fault}, nil, false, fault},
	} {
		t.Run(name, func(t *testing.T) {
			missed, reached, err := live.NewCatchUp(&row.feed).Since(t.Context(), "a", "then")
			require.ErrorIs(t, err, row.err)
			require.Equal(t, row.reached, reached)
			require.Equal(t, "then", row.feed.watched)
			require.Equal(t, row.feed.refuse == nil, row.feed.closed == 1, "the stream was left open")
			if reached {
				require.ElementsMatch(t, row.want, itemIDs(missed))
			}
		})
	}
}

// slowFeed does not answer until it is let.
type slowFeed struct {
	asked chan struct{}
	let   chan struct{}
}

func (f slowFeed) Watch(context.Context, string) (inbox.FeedStream, error) {
	f.asked <- struct{}{}
	<-f.let
	return nil, inbox.ErrHistoryLost
}

// So many at once, the rest wait their turn, and who goes away waits no longer.
func TestCatchUpsAreBounded(t *testing.T) {
	feed := slowFeed{asked: make(chan struct{}), let: make(chan struct{})}
	c := live.NewCatchUp(feed)
	ended := make(chan error)
	for range 9 {
		go func() {
			_, _, err := c.Since(t.Context(), "a", "then")
			ended <- err
		}()
	}
	for range 8 {
		<-feed.asked
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := c.Since(gone, "a", "then")
	require.ErrorIs(t, err, context.Canceled)
	feed.let <- struct{}{}
	require.NoError(t, <-ended)
	<-feed.asked // the ninth
	close(feed.let)
	for range 8 {
		require.NoError(t, <-ended)
	}
}
