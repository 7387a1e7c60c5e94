package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	mongodb "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/live/logtail"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"
)

const (
	foreignEvents = 1_000
	foreignRounds = 5
)

// eventStore is the part of both stores that this file uses.
type eventStore interface {
	port.PastFeed
	eventlog.Store
	Commit(ctx context.Context, c commit.Change) error
	Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
	LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error)
	access.TokenStore
	Workspaces(ctx context.Context) ([]workspace.Workspace, error)
}

// BenchmarkForeignEvent is what an event costs a server on which nobody has its workspace
// open: read from the store, handed to all followers, kept for those who come back. Beside
// it, over the wire, a stream of the bare driver of which only the workspace is read.
func BenchmarkForeignEvent(b *testing.B) {
	b.Run("wire", func(b *testing.B) {
		uri := testdb.Start(b, testdb.Options{}).URI()
		s := openWire(b, uri)
		client, err := mongodb.Connect(options.Client().ApplyURI(uri))
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, client.Disconnect(context.Background())) })
		measureForeign(b, s, client.Database("foreign").Collection("events"))
	})
	b.Run("embedded", func(b *testing.B) { measureForeign(b, openFile(b), nil) })
}

// BenchmarkNumbers is what a record of the log costs the one server that numbers it, with
// its commit, while everything is there to be numbered.
func BenchmarkNumbers(b *testing.B) {
	b.Run("wire", func(b *testing.B) { measureNumbers(b, openWire(b, testdb.Start(b, testdb.Options{}).URI())) })
	b.Run("embedded", func(b *testing.B) { measureNumbers(b, openFile(b)) })
}

func openWire(b *testing.B, uri string) *mongo.Store {
	b.Helper()
	s, err := mongo.Open(context.Background(), mongo.Config{URI: uri, Database: "foreign"})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close(context.Background())) })
	require.NoError(b, s.Migrate(context.Background()))
	return s
}

func openFile(b *testing.B) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Config{Dir: b.TempDir()})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close(context.Background())) })
	return s
}

func measureForeign(b *testing.B, s eventStore, bare *mongodb.Collection) {
	b.Helper()
	ctx := context.Background()
	var streams []port.FeedStream
	var raw []*mongodb.ChangeStream
	for range foreignRounds {
		stream, err := s.Watch(ctx, "")
		require.NoError(b, err)
		streams = append(streams, stream)
		if bare != nil {
			one, err := bare.Watch(ctx, bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "fullDocument.record", Value: "event"}}}}})
			require.NoError(b, err)
			raw = append(raw, one)
		}
	}
	commits := writeEvents(b, s)
	var whole, bytes, floor, change []float64
	for n, stream := range streams {
		cpu, size := readForeign(b, s, stream)
		whole, bytes = append(whole, cpu), append(bytes, size)
		require.NoError(b, stream.Close(ctx))
		if bare != nil {
			cpu, size := readRaw(b, raw[n])
			floor, change = append(floor, cpu), append(change, size)
			require.NoError(b, raw[n].Close(ctx))
		}
	}
	b.ReportMetric(report.Median(whole), "us-cpu/event")
	b.ReportMetric(report.Median(bytes), "bytes/event")
	b.ReportMetric(report.Median(commits), "us-p50/commit")
	if bare != nil {
		b.ReportMetric(report.Median(floor), "us-cpu/raw")
		b.ReportMetric(report.Median(change), "bytes/change")
	}
	b.ReportMetric(0, "ns/op")
}

// readForeign reads the events as a server does that nobody listens to, and returns the
// processor time and the bytes of one.
func readForeign(b *testing.B, s eventStore, stream port.FeedStream) (micros, bytes float64) {
	b.Helper()
	hub, silent := feed.NewHub(), slog.New(slog.DiscardHandler)
	followers := []feed.Follower{
		live.NewDirectories(s.Directory), live.NewLoadCache(s.LoadsAndRotations), live.NewTokenIssues(access.StoredTokenIssues(s)),
		dispatch.NewDrainer(s.Workspaces, silent), dispatch.NewReclaims(time.Now), dispatch.NewOffers(time.Now), dispatch.NewDeadlines(time.Now, dispatch.WaitsUntil),
		logtail.New(nil, silent),
	}
	ctx := context.Background()
	begin := processTime(b)
	for range foreignEvents {
		item, err := stream.Next(ctx)
		require.NoError(b, err)
		for _, f := range followers {
			f.Apply(item.Event)
		}
		hub.Publish(item)
		bytes += float64(item.Size)
	}
	return (processTime(b) - begin) / foreignEvents, bytes / foreignEvents
}

// readRaw looks at the workspace of each event and at nothing else.
func readRaw(b *testing.B, stream *mongodb.ChangeStream) (micros, bytes float64) {
	b.Helper()
	begin := processTime(b)
	for range foreignEvents {
		require.True(b, stream.Next(context.Background()), stream.Err())
		ws, ok := stream.Current.Lookup("fullDocument", "workspace").StringValueOK()
		require.True(b, ok && ws != "")
		bytes += float64(len(stream.Current))
	}
	return (processTime(b) - begin) / foreignEvents, bytes / foreignEvents
}

func measureNumbers(b *testing.B, s eventStore) {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	writeEvents(b, s)
	began, before := time.Now(), processTime(b)
	done := &counted{until: 2 * foreignEvents, reached: make(chan struct{})}
	ended := make(chan error, 1)
	go func() { ended <- eventlog.NewNumberer(s, s, time.Now, slog.New(slog.DiscardHandler), done).Run(ctx) }()
	select {
	case <-done.reached:
	case err := <-ended:
		b.Fatal("the numberer ended", err)
	}
	records := float64(2 * foreignEvents)
	b.ReportMetric(float64(time.Since(began).Microseconds())/records, "us/record")
	b.ReportMetric((processTime(b)-before)/records, "us-cpu/record")
	b.ReportMetric(0, "ns/op")
	stop()
	<-ended
}

// counted waits for a sequence.
type counted struct {
	until   eventlog.Sequence
	reached chan struct{}
}

func (c *counted) Numbered(newest eventlog.Entry) {
	if newest.Sequence == c.until {
		close(c.reached)
	}
}

// processTime is what this process used of the processor, in microseconds.
func processTime(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1000
}

// writeEvents commits takeovers with a message, one after the other, and returns how many
// microseconds each took.
func writeEvents(b *testing.B, s eventStore) (took []float64) {
	b.Helper()
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	c := inbox.Conversation{
		ID: "c1", Workspace: "far", Kind: workspace.Livechat, Subject: "My order has not arrived", Channel: "website", Contact: "p1",
		ContactName: "Nadia Okafor", ContactEmail: "nadia@customers.example", OriginAgent: "a1",
		Ownership: inbox.Ownership{Status: inbox.Open, Team: "support"}, CreatedAt: at,
	}
	for n := range foreignEvents {
		before := c
		c.Version, c.Epoch = n+1, n+1
		c.Assignee, c.LastActivityAt = workspace.MemberID(fmt.Sprint("member-", n%5)), at.Add(time.Duration(n)*time.Second)
		c.Changed = inbox.Attribution{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(c.Assignee)}, At: c.LastActivityAt}
		said := inbox.Message{
			ID: inbox.MessageID(fmt.Sprintf("m%06d", n)), Workspace: c.Workspace, Conversation: c.ID, Author: c.Changed.By,
			Body: strings.Repeat("I looked it up for you. ", 5), At: c.LastActivityAt,
		}
		c.LastMessage = &said
		after := c
		change := commit.Change{Conversation: c, Create: n == 0, Guard: commit.Guard{Version: before.Version}, Event: inbox.Event{
			ID: inbox.EventID(fmt.Sprintf("e%06d", n)), Workspace: c.Workspace, Type: inbox.OwnershipEvent, Kind: inbox.EventTakenOver, Conversation: c.ID,
			Actor: c.Changed.By, From: before.Ownership, To: c.Ownership, Version: c.Version, Epoch: c.Epoch, At: c.LastActivityAt,
			After: &after, Messages: []inbox.Message{said},
		}}
		begin := time.Now()
		require.NoError(b, s.Commit(context.Background(), change))
		took = append(took, float64(time.Since(begin).Microseconds()))
	}
	return took
}
