package histcheck_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
)

// hasty is a feed that says at every other call that there is no more, up to times times;
// at every call if it is stubborn.
type hasty struct {
	histcheck.Source
	times    int
	stubborn bool
}

func (s *hasty) WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, position string) (feed.FeedStream, error) {
	stream, err := s.Source.WatchWorkspace(ctx, ws, position)
	return &hastyStream{FeedStream: stream, of: s}, err
}

type hastyStream struct {
	feed.FeedStream
	of   *hasty
	said bool
}

func (s *hastyStream) TryNext(ctx context.Context) (feed.FeedItem, bool, error) {
	if s.said = !s.said; s.of.stubborn || s.said && s.of.times > 0 {
		s.of.times--
		return feed.FeedItem{}, false, nil
	}
	return s.FeedStream.TryNext(ctx)
}

// A busy database server may say too early that there is no more: what is stored tells.
// Who says so again and again is believed in the end, and events are missing.
func TestReadDoesNotStopTooEarly(t *testing.T) {
	for _, feed := range []hasty{{}, {times: 1}, {times: 5}, {stubborn: true}} {
		h := historyFrom(t, (*floor).play, func(s histcheck.Source) histcheck.Source {
			feed.Source = s
			return &feed
		})
		require.Equal(t, feed.stubborn, len(h.Check()) > 0, "%d times", feed.times)
	}
}
