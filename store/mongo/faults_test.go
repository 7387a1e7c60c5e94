package mongo_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/event"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// quick finds out soon that a server is away.
func quick(uri string) mongo.Config {
	return mongo.Config{URI: uri, ServerSelectionTimeout: 300 * time.Millisecond, Timeout: 20 * time.Second}
}

// onServer opens a store on a server of the test's own. A lost connection makes
// the driver look for the server again after half a second, which the default
// patience outlasts.
func onServer(t *testing.T, o testdb.Options, edit ...func(*mongo.Config)) (*testdb.Server, *mongo.Store) {
	t.Helper()
	server := testdb.Start(t, o)
	config := mongo.Config{URI: server.URI()}
	for _, e := range edit {
		e(&config)
	}
	s := open(t, config)
	t.Cleanup(func() { _ = s.Close(context.Background()) }) // the server may be gone
	return server, s
}

func TestStandaloneIsRefused(t *testing.T) {
	server := testdb.Start(t, testdb.Options{Standalone: true})
	_, err := mongo.Open(context.Background(), quick(server.URI()))
	require.ErrorIs(t, err, mongo.ErrStandalone)
	var setup *mongo.SetupError
	require.ErrorAs(t, err, &setup)
	require.Contains(t, setup.Address, "127.0.0.1:")
	for _, said := range []string{"standalone", "replica set", "rs.initiate()", "replicaSet=rs0"} {
		require.Contains(t, err.Error(), said)
	}
}

func TestDownAtStart(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())

	_, err = mongo.Open(context.Background(), quick("mongodb://anna:s3cret@"+address+"/?directConnection=true"))
	require.ErrorIs(t, err, mongo.ErrUnreachable)
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	require.Contains(t, err.Error(), address)
	require.NotContains(t, err.Error(), "s3cret")
}

func TestBadURI(t *testing.T) {
	for name, uri := range map[string]string{
		"empty": "", "no scheme": "localhost:27017", "not encoded": "mongodb://anna:p@ss:s3cret@h/", "bad option": "mongodb://anna:s3cret@h/?w=-1",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mongo.Open(context.Background(), quick(uri))
			require.ErrorIs(t, err, mongo.ErrBadURI)
			require.Contains(t, err.Error(), "mongodb://")
			require.NotContains(t, err.Error(), "s3cret")
		})
	}
}

// A server that goes away makes every operation UNAVAILABLE, and all of it works
// again once the server is back, with nothing lost.
func TestAwayForAWhile(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{}, func(c *mongo.Config) { *c = quick(c.URI) })
	before := newConversation("before")
	require.NoError(t, s.Commit(ctx, before))
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	position := stream.Position()

	server.Kill()
	for name, operation := range map[string]func() error{
		"commit": func() error { return s.Commit(ctx, newConversation("meanwhile")) },
		"read":   func() error { _, err := s.Conversation(ctx, "w", "before"); return err },
		"list": func() error {
			_, err := s.ListConversations(ctx, access.ConversationQuery{Workspace: "w", Visibility: reaches()["all"], Page: between()})
			return err
		},
		"directory": func() error { _, err := s.Directory(ctx, "w"); return err },
		"secret":    func() error { _, err := s.Secret(ctx); return err },
		"watch":     func() error { _, err := s.Watch(ctx, position); return err },
		"stream":    func() error { _, err := stream.Next(ctx); return err },
		"check":     func() error { return s.Check(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			err := operation()
			require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%v", err)
			var typed *inbox.Error
			require.ErrorAs(t, err, &typed)
			require.Contains(t, typed.Message, "idempotency key")
			require.NotContains(t, typed.Message, "127.0.0.1")
		})
	}

	server.Restart()
	require.Eventually(t, func() bool { return s.Check(ctx) == nil }, time.Minute, 10*time.Millisecond)
	require.NoError(t, s.Commit(ctx, newConversation("after")))
	for _, id := range []inbox.ConversationID{"before", "after"} {
		_, err := s.Conversation(ctx, "w", id)
		require.NoError(t, err)
	}
	again, err := s.Watch(ctx, position)
	require.NoError(t, err)
	item, err := again.Next(ctx)
	require.NoError(t, err)
	require.Equal(t, inbox.ConversationID("after"), item.Event.Conversation)
	require.NoError(t, again.Close(ctx))
	_ = stream.Close(ctx)
}

// A server that says nothing ends an operation at its deadline.
func TestSilentServer(t *testing.T) {
	server, s := onServer(t, testdb.Options{})
	require.NoError(t, s.Commit(context.Background(), newConversation("before")))
	server.Freeze()
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	err := s.Commit(ctx, newConversation("meanwhile"))
	server.Thaw()
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%v", err)
	// The driver takes the server for gone for a moment, longer on a busy machine.
	require.Eventually(t, func() bool { return s.Check(context.Background()) == nil }, time.Minute, 10*time.Millisecond)
	require.NoError(t, s.Commit(context.Background(), newConversation("after")))
}

// A commit whose answer is lost was done, once, and says so.
func TestLostCommitAnswer(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{})
	for name, f := range map[string]testdb.Failure{
		"once":                {Times: 1, CloseConnection: true},
		"more than once":      {Times: 5, CloseConnection: true},
		"with an error":       {Times: 3, ErrorCode: 89}, // NetworkTimeout
		"as if it never came": {Times: 1, ErrorCode: 251, ErrorLabels: []string{"TransientTransactionError"}},
	} {
		t.Run(name, func(t *testing.T) {
			f.Commands = []string{"commitTransaction"}
			change := newConversation(strings.ReplaceAll(name, " ", "-"))
			change.Loads = []inbox.LoadChange{{Member: workspace.MemberID(name), Kind: workspace.Livechat, Delta: 1}}
			server.FailCommand(ctx, f)
			require.NoError(t, s.Commit(ctx, change))
			server.Heal(ctx)
			loads, err := s.Loads(ctx, "w", []workspace.MemberID{workspace.MemberID(name)})
			require.NoError(t, err)
			require.Equal(t, 1, loads[workspace.MemberID(name)].Livechats)
			_, err = s.Event(ctx, "w", change.Event.ID)
			require.NoError(t, err)
		})
	}
}

// The timeoutMS of a URI bounds operations, and not the wait for the next event.
func TestQuietFeedOutlastsTheTimeoutOfTheURI(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	asked := make(chan struct{}, 10)
	uri, separator := testdb.URI(t), "?"
	if strings.Contains(uri, "?") {
		separator = "&"
	}
	s, err := mongo.Open(ctx, mongo.Config{
		URI: uri + separator + "timeoutMS=100", Database: testdb.Database(t),
		Monitor: &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
			if e.CommandName == "getMore" {
				asked <- struct{}{}
			}
		}},
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(ctx)) }()
	require.NoError(t, s.Migrate(ctx))
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	heard := make(chan error, 1)
	go func() {
		_, err := stream.Next(context.Background())
		heard <- err
	}()
	for range 3 { // a server answers that there is nothing after a second
		select {
		case <-asked:
		case err := <-heard:
			require.Fail(t, "the feed ended", "%v", err)
		}
	}
	require.NoError(t, s.Commit(ctx, newConversation("c")))
	require.NoError(t, <-heard)
	require.NoError(t, stream.Close(ctx))
}

// A write conflict at any command of the transaction is tried again.
func TestConflictAtEachCommand(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{})
	for _, command := range []string{"insert", "update", "commitTransaction"} {
		t.Run(command, func(t *testing.T) {
			server.FailCommand(ctx, testdb.Failure{
				Commands: []string{command}, Times: 2, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"},
			})
			change := newConversation(command)
			change.Loads = []inbox.LoadChange{{Member: "me", Kind: workspace.Livechat, Delta: 1}}
			require.NoError(t, s.Commit(ctx, change))
			_, err := s.Conversation(ctx, "w", inbox.ConversationID(command))
			require.NoError(t, err)
		})
	}
	t.Run("for ever", func(t *testing.T) {
		server.FailCommand(ctx, testdb.Failure{Commands: []string{"insert"}, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}})
		bounded, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(s.Commit(bounded, newConversation("never"))))
		server.Heal(ctx)
		_, err := s.Conversation(ctx, "w", "never")
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	})
}

// What the rules chose does not wait for a transaction under way: there are
// others to choose, or another server is at it. A person's verb waits. B:Q6, B:Q8
func TestConflictThatIsNotWaitedFor(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{})
	conflict := func() {
		server.FailCommand(ctx, testdb.Failure{Commands: []string{"update", "findAndModify"}, Times: 1, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}})
	}
	chosen := newConversation("chosen")
	chosen.Contact, chosen.Loads = nil, []inbox.LoadChange{{Member: "me", Kind: workspace.Livechat, Delta: 1, Cap: 3, Counted: []workspace.Kind{workspace.Livechat}, Seen: new(int)}}
	conflict()
	require.ErrorIs(t, s.Commit(ctx, chosen), commit.ErrAtCap)
	require.Zero(t, s.Repeats())
	require.NoError(t, s.Commit(ctx, chosen))

	next := chosen
	next.Create, next.Guard, next.Loads = false, commit.Guard{Version: 1}, nil
	next.Event.ID, next.Event.Key, next.Event.Messages, next.Yields = "next", inbox.IdempotencyKey{}, nil, true
	conflict()
	require.ErrorIs(t, s.Commit(ctx, next), commit.ErrStale)
	require.Zero(t, s.Repeats())
	next.Yields = false
	conflict()
	require.NoError(t, s.Commit(ctx, next))
	require.EqualValues(t, 1, s.Repeats())
}

// A position that the log no longer holds is said to be lost, never skipped.
func TestFeedPositionLost(t *testing.T) {
	ctx := context.Background()
	_, s := onServer(t, testdb.Options{OplogMaxEntries: 200, NoSync: true})
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	position := stream.Position()
	require.NoError(t, stream.Close(ctx))
	c := newConversation("busy")
	require.NoError(t, s.Commit(ctx, c))
	for i := 0; ; i++ {
		require.Less(t, i, 2000, "the position is never lost")
		e := c.Event
		e.ID, e.Messages, e.Key = inbox.EventID("more-"+time.Now().Format(time.RFC3339Nano)), nil, inbox.IdempotencyKey{}
		require.NoError(t, s.Commit(ctx, commit.Change{Conversation: c.Conversation, Event: e}))
		if i%50 != 0 {
			continue
		}
		lost, err := s.Watch(ctx, position)
		if err == nil {
			_, err = lost.Next(ctx)
			require.NoError(t, lost.Close(ctx))
		}
		if err != nil {
			require.ErrorIs(t, err, feed.ErrHistoryLost)
			return
		}
	}
}

// A broken connection under an open stream is ridden over, with nothing lost.
func TestFeedRidesOverALostConnection(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{})
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	server.FailCommand(ctx, testdb.Failure{Commands: []string{"getMore"}, Times: 1, CloseConnection: true})
	for _, id := range []string{"one", "two"} {
		require.NoError(t, s.Commit(ctx, newConversation(id)))
		item, err := stream.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, inbox.ConversationID(id), item.Event.Conversation)
	}
	require.NoError(t, stream.Close(ctx))
}

// A stream that opens and breaks whenever it is read is given up after one reopening, so
// that the caller decides how long to wait: the driver opens it again without a pause.
func TestAStreamThatCannotBeReadIsGivenUp(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	server, s := onServer(t, testdb.Options{}, func(c *mongo.Config) { c.Monitor = sent.monitor() })
	for _, read := range []func(feed.FeedStream) error{
		func(stream feed.FeedStream) error { _, err := stream.Next(ctx); return err },
		func(stream feed.FeedStream) error { _, _, err := stream.TryNext(ctx); return err },
	} {
		stream, err := s.Watch(ctx, "")
		require.NoError(t, err)
		sent.taken()
		server.FailCommand(ctx, testdb.Failure{Commands: []string{"getMore"}, CloseConnection: true})
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(read(stream)))
		require.LessOrEqual(t, len(sent.taken()), 6)
		server.Heal(ctx)
		position := stream.Position()
		require.NoError(t, stream.Close(ctx))
		require.NoError(t, s.Commit(ctx, newConversation(position)))
		stream, err = s.Watch(ctx, position)
		require.NoError(t, err)
		item, err := stream.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, inbox.ConversationID(position), item.Event.Conversation)
		require.NoError(t, stream.Close(ctx))
	}
}

// After Close nothing hangs and nothing is INTERNAL.
func TestClosed(t *testing.T) {
	ctx := context.Background()
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)})
	require.NoError(t, s.Close(ctx))
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(s.Commit(ctx, newConversation("c"))))
	_, err := s.Conversation(ctx, "w", "c")
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
}

func TestMigrateTwice(t *testing.T) {
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)})
	require.NoError(t, s.Migrate(context.Background()))
	require.NoError(t, s.Close(context.Background()))
}

// A commit is four round trips, however many messages and loads it brings.
func TestRoundTrips(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	c := newConversation("c")
	c.Contact = nil
	c.Loads = []inbox.LoadChange{{Member: "me", Kind: workspace.Livechat, Delta: 1}}
	sent.taken()
	require.NoError(t, s.Commit(ctx, c))
	require.Equal(t, []string{"insert", "insert", "update", "commitTransaction"}, names(sent.taken()))

	next := c
	next.Create, next.Guard = false, commit.Guard{Version: 1}
	next.Event.ID, next.Event.Key, next.Event.Messages = "e2", inbox.IdempotencyKey{}, []inbox.Message{c.Event.Messages[0]}
	next.Event.Messages[0].ID, next.Event.Messages[0].ExternalID = "m2", ""
	next.Loads = []inbox.LoadChange{{Member: "me", Kind: workspace.Livechat, Delta: -1}, {Member: "you", Kind: workspace.Livechat, Delta: 1, Cap: 3}}
	require.NoError(t, s.Commit(ctx, next))
	require.Equal(t, []string{"findAndModify", "insert", "update", "commitTransaction"}, names(sent.taken()))
	require.NoError(t, s.Close(ctx))
}
