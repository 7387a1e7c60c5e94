package mongo_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/live/feed"
	"switchboard/store/document"
	"switchboard/store/mongo"
)

// process is what one server of several has of the feed, with a way of its own to the
// database.
type process struct {
	*mongo.Store
	hub    *feed.Hub
	pump   *feed.Pump
	source feed.Source
	wire   *faultlink.Wire
}

// begin starts a server, and ends it with the test. Heartbeats, unless none, come so
// often while nothing happens.
func begin(t *testing.T, server *testdb.Server, heartbeats time.Duration) *process {
	t.Helper()
	w, uri := throughWire(t, server)
	bounds := feed.DefaultBounds()
	bounds.Time = time.Hour // what is tested is counted
	p := &process{Store: open(t, mongo.Config{URI: uri}), hub: feed.NewHub(feed.WithTick(time.Millisecond)), wire: w}
	log := slog.New(slog.DiscardHandler)
	p.pump = feed.NewPump(p.Store, p.hub, log)
	p.source = feed.Source{Hub: p.hub, CatchUp: feed.NewCatchUp(p.Store, bounds)}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.pump.Run(ctx) })
	if heartbeats > 0 {
		running.Go(func() { feed.NewHeartbeatMonitor(p.pump, p.Store, heartbeats, log).Run(ctx) })
	}
	t.Cleanup(func() {
		cancel()
		running.Wait()
		p.hub.Close()
		require.NoError(t, p.Close(context.Background()))
	})
	<-p.pump.Ready()
	return p
}

// stands is the position that a server hands out now to whoever sees nothing.
func (p *process) stands(ws workspace.WorkspaceID) string {
	return p.hub.Checkpoint(ws).PositionAfter(func(inbox.Event) bool { return false })
}

// back is a subscriber who comes back behind a position, and what it missed.
func (p *process) back(t *testing.T, n int, position string) []*feed.Item {
	t.Helper()
	s, missed, lost, err := p.source.Since(t.Context(), feed.Caller{Workspace: "w", Name: fmt.Sprint("member ", n)}, position)
	require.NoError(t, err)
	require.Empty(t, lost)
	s.Leave()
	return missed
}

// opened is how many change streams were opened.
func (p *process) opened() int {
	return p.wire.Total(func(c faultlink.Command) bool { return c.Stream && c.Name == "aggregate" }).Commands
}

// cursors makes the server hand out 64 positions, with an event of the workspace behind
// each but the first.
func (p *process) cursors(t *testing.T) []string {
	t.Helper()
	heard, err := p.hub.Subscribe(t.Context(), "w")
	require.NoError(t, err)
	defer heard.Leave()
	out := []string{p.stands("w")}
	for n := range 63 {
		require.NoError(t, p.Commit(t.Context(), newConversation(fmt.Sprint("c", n))))
		out = append(out, heard.Next().Position)
	}
	return out
}

// In a rolling restart all come back at once to a server that has just begun, with
// cursors of another one: it opens no change stream for any of them, and tells each
// what it missed. B:V3
func TestARollingRestartNeedsNoCatchUps(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	first := begin(t, server, 0)
	require.NoError(t, first.FeedHeartbeat(t.Context()))
	old := begin(t, server, 0)
	cursors := old.cursors(t)
	require.NoError(t, first.FeedHeartbeat(t.Context())) // nothing happens for a while
	last := cursors[len(cursors)-1]
	require.Eventually(t, func() bool { return !strings.HasPrefix(old.stands("w"), last) }, time.Minute, time.Millisecond)
	cursors = append(cursors, old.stands("w"))

	fresh := begin(t, server, 0)
	require.Equal(t, 63, fresh.hub.Kept())
	fresh.wire.Reset()
	began := time.Now()
	for n, position := range cursors {
		missed := fresh.back(t, n, position)
		require.Len(t, missed, max(0, 63-n), "cursor %d", n)
		for i, item := range missed {
			require.Equal(t, inbox.ConversationID(fmt.Sprint("c", n+i)), item.Event.Conversation)
		}
	}
	t.Logf("%d subscribers were back after %v", len(cursors), time.Since(began))
	require.Zero(t, fresh.opened())
	require.Zero(t, fresh.source.CatchUp.Begun())

	require.NoError(t, old.Commit(t.Context(), newConversation("next")))
	require.Eventually(t, func() bool { return fresh.hub.Kept() == 64 }, time.Minute, time.Millisecond, "it goes on behind what it read")
	require.Len(t, fresh.back(t, 0, cursors[0]), 64)
}

// Where the log is too long to be read at start, 64 listeners with different cursors
// cost two change streams each, of which none waits. B:V3
func TestManyCatchUpAtOnce(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	old := begin(t, server, 0)
	cursors := old.cursors(t)
	w, uri := throughWire(t, server)
	fresh := open(t, mongo.Config{URI: uri})
	defer func() { require.NoError(t, fresh.Close(context.Background())) }()
	stream, err := fresh.Watch(t.Context(), "")
	require.NoError(t, err)
	start := stream.Position()
	require.NoError(t, stream.Close(t.Context()))
	bounds := feed.DefaultBounds()
	bounds.Time = time.Hour
	catchUp := feed.NewCatchUp(fresh, bounds)
	w.Reset()
	began := time.Now()
	var all sync.WaitGroup
	missed := make([]int, len(cursors))
	for n, position := range cursors {
		all.Go(func() {
			found, err := catchUp.Since(t.Context(), feed.Caller{Workspace: "w", Name: fmt.Sprint("member ", n)}, position, start)
			if err == nil && found.Lost == "" {
				missed[n] = len(found.Missed)
			}
		})
	}
	all.Wait()
	t.Logf("%d listeners caught up in %v (wanted: 2s on a quiet machine)", len(cursors), time.Since(began))
	for n := range cursors {
		require.Equal(t, 63-n, missed[n])
	}
	count := func(match func(faultlink.Command) bool) int { return w.Total(match).Commands }
	require.Equal(t, 2*len(cursors), count(func(c faultlink.Command) bool { return c.Stream && c.Name == "aggregate" }))
	require.LessOrEqual(t, count(func(c faultlink.Command) bool { return c.Stream && c.Name == "getMore" }), 6*len(cursors))
	require.Zero(t, count(func(c faultlink.Command) bool {
		return c.Name == "update" || c.Name == "findAndModify" || c.Name == "find"
	}))
}

// Whoever comes back to a quiet workspace beside a busy one is told the one event that
// it missed behind 12,000 of others, and these cost no bytes. B:V3
func TestTwelveThousandForeignEvents(t *testing.T) {
	server := testdb.Start(t, testdb.Options{NoSync: true})
	w, uri := throughWire(t, server)
	s := open(t, mongo.Config{URI: uri})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	stream, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	start := stream.Position()
	require.NoError(t, stream.Close(t.Context()))
	crowd(t, server, 12_000)
	require.NoError(t, s.Commit(t.Context(), newConversation("mine")))
	w.Reset()
	bounds := feed.DefaultBounds()
	bounds.Time = time.Hour
	began := time.Now()
	found, err := feed.NewCatchUp(s, bounds).Since(t.Context(), feed.Caller{Workspace: "w", Name: "m"}, start, "")
	require.NoError(t, err)
	require.Empty(t, found.Lost)
	require.Len(t, found.Missed, 1)
	cost := w.Total(streams)
	t.Logf("%d commands, %d bytes, %v", cost.Commands, cost.Answered, time.Since(began))
	require.Less(t, cost.Answered, 30_000)
	require.Less(t, cost.Commands, 100)
}

// crowd writes events of another workspace, as many at once as a command may.
func crowd(t *testing.T, server *testdb.Server, events int) {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(server.URI()))
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Disconnect(context.Background())) }()
	documents := make([]any, 0, events)
	for n := range events {
		c := newConversation(fmt.Sprint("foreign ", n))
		c.Event.Workspace = "neighbour"
		documents = append(documents, document.OfEvent(c.Event))
	}
	_, err = client.Database(mongo.DefaultDatabase).Collection("events").InsertMany(t.Context(), documents)
	require.NoError(t, err)
}

// An installation where nothing happens, on a deployment that others write to, hands out
// positions that another server knows which started since, though the log has long
// dropped what happened last. B:V3
func TestAQuietInstallationKeepsItsPlace(t *testing.T) {
	server := testdb.Start(t, testdb.Options{OplogMaxEntries: 500})
	a := begin(t, server, 50*time.Millisecond)
	require.NoError(t, a.Commit(t.Context(), newConversation("claimed")))
	require.Eventually(t, func() bool { return a.hub.Kept() > 0 }, time.Minute, time.Millisecond)
	before := a.hub.Checkpoint("w").PositionAfter(func(inbox.Event) bool { return true })
	others(t, server, 1_500)
	moved := a.stands("w")
	require.NotEqual(t, before, moved)
	require.Eventually(t, func() bool { return bareOf(a.stands("w")) != bareOf(moved) }, time.Minute, time.Millisecond)
	moved = a.stands("w")
	require.Eventually(t, func() bool {
		found, err := a.source.CatchUp.Since(t.Context(), feed.Caller{Workspace: "w", Name: "m"}, before, moved)
		return err == nil && found.Lost == feed.GapHistoryLost
	}, time.Minute, 10*time.Millisecond, "the log keeps 500 entries")
	b := begin(t, server, 50*time.Millisecond)
	require.Empty(t, b.back(t, 1, moved), "no gap, and nothing was missed")
}

func bareOf(position string) string {
	at, _, _ := strings.Cut(position, "@")
	return at
}

// others writes what is no concern of the installation's.
func others(t *testing.T, server *testdb.Server, writes int) {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(server.URI()))
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Disconnect(context.Background())) }()
	documents := make([]any, writes)
	for n := range documents {
		documents[n] = bson.D{{Key: "n", Value: n}}
	}
	_, err = client.Database("another").Collection("things").InsertMany(t.Context(), documents)
	require.NoError(t, err)
}
