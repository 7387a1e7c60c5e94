package mongo_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// Who reads what is committed already does not wait as long as the database may leave a read
// of the feed unanswered. B:V9
func TestThePastIsReadWithoutWaiting(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), FeedWait: time.Hour})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	end, err := s.Watch(ctx, "")
	require.NoError(t, err)
	position := end.Position()
	require.NoError(t, end.Close(ctx))
	require.NoError(t, s.Commit(ctx, newConversation("c")))
	past, err := s.WatchPast(ctx, position)
	require.NoError(t, err)
	_, ok, err := past.TryNext(ctx)
	require.NoError(t, err)
	require.True(t, ok)
	_, ok, err = past.TryNext(ctx)
	require.NoError(t, err)
	require.False(t, ok)
	require.NoError(t, past.Close(ctx))
}
