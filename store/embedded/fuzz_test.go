package embedded_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/feed"
	"switchboard/internal/testdb"
	"switchboard/store/embedded"
)

// FuzzPosition opens the feed behind any text: it is a position of this feed, or
// one that is lost, or none.
func FuzzPosition(f *testing.F) {
	testdb.Record(f, testdb.Embedded)
	opened, err := embedded.Open(context.Background(), embedded.Config{})
	require.NoError(f, err)
	f.Cleanup(func() { _ = opened.Close(context.Background()) })
	stream, err := opened.Watch(context.Background(), "")
	require.NoError(f, err)
	f.Add(stream.Position())
	require.NoError(f, stream.Close(context.Background()))
	f.Add(`{"$gt":""}`)
	f.Add("EwAAABF0cwAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, position string) {
		if position == "" {
			return // the present end
		}
		stream, err := opened.Watch(context.Background(), position)
		if err == nil {
			require.NoError(t, stream.Close(context.Background()))
			return
		}
		require.True(t, errors.Is(err, feed.ErrHistoryLost) || errors.Is(err, feed.ErrBadPosition), "%v", err)
	})
}
