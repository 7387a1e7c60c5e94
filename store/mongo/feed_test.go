package mongo_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/internal/testdb"
	"switchboard/live/feed"
	"switchboard/store/mongo"
)

// Who comes back to a quiet workspace reads none of what happened beside it, asks
// the server a few times, and does not wait for what may yet come. B:V3
func TestForeignEventsCostNothing(t *testing.T) {
	ctx := context.Background()
	sent, bytes := &recorder{}, atomic.Int64{}
	monitor := sent.monitor()
	monitor.Succeeded = func(_ context.Context, e *event.CommandSucceededEvent) { bytes.Add(int64(len(e.Reply))) }
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: monitor})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	pump, err := s.Watch(ctx, "")
	require.NoError(t, err)
	start := pump.Position()
	require.NoError(t, pump.Close(ctx))
	for n := range 150 {
		c := newConversation(fmt.Sprint("foreign ", n))
		c.Event.Workspace, c.Conversation.Workspace, c.Contact = "neighbour", "neighbour", nil
		c.Event.Note = strings.Repeat("x", 10_000)
		require.NoError(t, s.Commit(ctx, c))
	}
	sent.taken()
	bytes.Store(0)
	stream, err := s.WatchWorkspace(ctx, "w", start)
	require.NoError(t, err)
	_, more, err := stream.TryNext(ctx)
	require.NoError(t, err)
	require.False(t, more)
	require.NoError(t, stream.Close(ctx))
	require.Less(t, bytes.Load(), int64(10_000))
	commands := sent.taken()
	require.LessOrEqual(t, len(commands), 4, names(commands))
	require.Contains(t, commands[0].String(), `"fullDocument.workspace": "w"`)
	requireBrief(t, commands)
}

// The pump's stream opens with an empty batch, so that MongoDB reads its log behind
// the opening, and tells all the same what was committed before. It asks what time it is, by
// which bulletins of before are left out.
func TestTheFeedOpensAtOnce(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	first, err := s.Watch(ctx, "")
	require.NoError(t, err)
	require.NoError(t, s.Commit(ctx, newConversation("a")))
	sent.taken()
	second, err := s.Watch(ctx, first.Position())
	require.NoError(t, err)
	opened := sent.taken()
	require.Equal(t, []string{"aggregate", "hello"}, names(opened))
	require.EqualValues(t, 0, opened[0].Lookup("cursor", "batchSize").AsInt64())
	for _, stream := range []port.FeedStream{first, second} {
		item, err := stream.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, inbox.ConversationID("a"), item.Event.Conversation)
		require.Positive(t, item.Size)
		require.NoError(t, stream.Close(ctx))
	}
}

// After a restart all come back at once, with cursors from before it: each costs a
// few commands, and none a wait. B:V3
func TestManyComeBackAtOnce(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	stands := func() string {
		stream, err := s.Watch(ctx, "")
		require.NoError(t, err)
		defer func() { require.NoError(t, stream.Close(ctx)) }()
		return stream.Position()
	}
	before := stands()
	require.NoError(t, s.Commit(ctx, newConversation("a")))
	after := stands()
	sent.taken()
	bound := feed.DefaultBounds()
	bound.Time = time.Hour
	c := feed.NewCatchUp(s, bound)
	const listeners = 64
	missed := make([]int, listeners)
	var all sync.WaitGroup
	for i := range listeners {
		all.Go(func() {
			found, err := c.Since(ctx, feed.Caller{Workspace: "w", Name: fmt.Sprint("member ", i)}, before, after)
			if err == nil && found.Lost == "" {
				missed[i] = len(found.Missed)
			}
		})
	}
	all.Wait()
	require.Equal(t, slices.Repeat([]int{1}, listeners), missed)
	commands := sent.taken()
	require.LessOrEqual(t, len(commands), 8*listeners)
	requireBrief(t, commands)
}

// requireBrief demands that no command lets the server wait for more.
func requireBrief(t *testing.T, commands []bson.Raw) {
	t.Helper()
	for _, c := range commands {
		if names([]bson.Raw{c})[0] == "getMore" {
			require.LessOrEqual(t, c.Lookup("maxTimeMS").AsInt64(), int64(50), "it waits as long as servers do by themselves")
		}
	}
}
