package mongo_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/feed"
	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// following is a change of the conversation that c made.
func following(c commit.Change, id string) commit.Change {
	next := c
	next.Create, next.Guard, next.Loads, next.Contact = false, commit.Guard{Version: 1}, nil, nil
	next.Event.ID, next.Event.Key, next.Event.Messages = inbox.EventID(id), inbox.IdempotencyKey{}, nil
	return next
}

// dieAmid lets a server called "dead" begin to change c at the place, and vanish with
// its transaction open.
func dieAmid(t *testing.T, server *testdb.Server, c commit.Change, place string) {
	t.Helper()
	ctx := context.Background()
	w, uri := throughWire(t, server)
	s := open(t, quick(uri))
	require.NoError(t, s.EndPredecessor(ctx, place))
	require.NoError(t, s.ServerHeartbeat(ctx, "dead", true))
	leaveAmid(t, w, s, c)
	require.NoError(t, s.Close(ctx))
}

// leaveAmid lets s begin to change c, and cuts it off with its transaction open: nothing is
// rolled back.
func leaveAmid(t *testing.T, w *faultlink.Wire, s *mongo.Store, c commit.Change) {
	t.Helper()
	w.Delay("findAndModify", time.Hour)
	w.Reset()
	gone := make(chan error)
	go func() { gone <- s.Commit(context.Background(), following(c, "never")) }()
	require.Eventually(t, func() bool { return w.Total(changes).Answered > 0 }, time.Minute, time.Millisecond)
	w.Refuse()
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(<-gone))
}

// changes are the commands that begin to change a conversation.
func changes(c faultlink.Command) bool { return c.Name == "findAndModify" }

// nearAndFar are two stores on a database server of their own: a near one, which has committed c
// and follows the feed, and a far one behind a wire, which shows a server called "lives".
func nearAndFar(t *testing.T, config func(uri string) mongo.Config) (
	near, far *mongo.Store, w *faultlink.Wire, c commit.Change, stream feed.FeedStream,
) {
	t.Helper()
	ctx := context.Background()
	server := testdb.Start(t, testdb.Options{})
	near = open(t, mongo.Config{URI: server.URI()})
	t.Cleanup(func() { require.NoError(t, near.Close(ctx)) })
	c = newConversation("c")
	require.NoError(t, near.Commit(ctx, c))
	stream, err := near.Watch(ctx, "")
	require.NoError(t, err)
	w, uri := throughWire(t, server)
	far = open(t, config(uri))
	t.Cleanup(func() { require.NoError(t, far.Close(ctx)) })
	require.NoError(t, far.ServerHeartbeat(ctx, "lives", true))
	return near, far, w, c, stream
}

// arrived reads the stream until the event arrives.
func arrived(t *testing.T, stream feed.FeedStream, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		item, err := stream.Next(ctx)
		require.NoError(t, err)
		if item.Event.ID == inbox.EventID(id) {
			return
		}
	}
}

// The transactions of a server that was killed are ended by whoever buries it, and by
// its own next process at its start: what they hold can be changed again, and the feed
// goes on. B:V9
func TestTransactionsOfADeadServer(t *testing.T) {
	t.Parallel() // it waits, and has a server of its own
	ctx := context.Background()
	for name, end := range map[string]func(s *mongo.Store) error{
		"whoever buries it": func(s *mongo.Store) error { return s.ExpireServer(ctx, "dead", 1, time.Now()) },
		"its next process":  func(s *mongo.Store) error { return s.EndPredecessor(ctx, "host/127.0.0.1:8080") },
		"both, one by one": func(s *mongo.Store) error {
			if err := s.EndPredecessor(ctx, "host/127.0.0.1:8080"); err != nil {
				return err
			}
			return s.ExpireServer(ctx, "dead", 1, time.Now())
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := testdb.Start(t, testdb.Options{})
			sent := &recorder{}
			s := open(t, mongo.Config{URI: server.URI(), Monitor: sent.monitor()})
			defer func() { require.NoError(t, s.Close(ctx)) }()
			c := newConversation("c")
			require.NoError(t, s.Commit(ctx, c))
			stream, err := s.Watch(ctx, "")
			require.NoError(t, err)
			dieAmid(t, server, c, "host/127.0.0.1:8080")

			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			require.Equal(t, inbox.Unavailable, inbox.CodeOf(s.Commit(short, following(c, "blocked"))), "the dead hold it")
			sent.taken()
			require.NoError(t, end(s))
			require.Contains(t, names(sent.taken()), "killSessions")
			began := time.Now()
			require.NoError(t, s.Commit(ctx, following(c, "after")))
			arrived(t, stream, "after")
			require.Less(t, time.Since(began), 30*time.Second, "before the database would have let go by itself")
			require.NoError(t, stream.Close(ctx))
		})
	}
}

// Another process at another place leaves the transactions of those who live alone.
func TestAnotherPlaceEndsNothing(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	require.NoError(t, s.EndPredecessor(ctx, "host/1"))
	require.NoError(t, s.ServerHeartbeat(ctx, "one", true))
	require.NoError(t, s.Commit(ctx, newConversation("c")))
	sent.taken()
	require.NoError(t, s.EndPredecessor(ctx, "host/2"))
	require.NoError(t, s.ExpireServer(ctx, "one", 1, time.Now()), "who ends in good order ends no transactions")
	require.NotContains(t, names(sent.taken()), "killSessions")
}

// Each session is stored once, before its first transaction, and again under the name
// that a server takes when it was taken for dead.
func TestSessionsAreStored(t *testing.T) {
	ctx := context.Background()
	uri, name := testdb.URI(t), testdb.Database(t)
	sent := &recorder{}
	s := open(t, mongo.Config{URI: uri, Database: name, Monitor: sent.monitor()})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	stored := func(server string) (ids []bson.RawValue) {
		var doc bson.Raw
		require.NoError(t, database(t, uri, name).Collection("servers").FindOne(ctx, bson.D{{Key: "_id", Value: server}}).Decode(&doc))
		if all, ok := doc.Lookup("sessions").ArrayOK(); ok {
			ids, _ = all.Values()
		}
		return ids
	}
	require.NoError(t, s.Commit(ctx, newConversation("before")))
	require.NoError(t, s.ServerHeartbeat(ctx, "one", true))
	require.NotEmpty(t, stored("one"), "what it used before it began")
	sent.taken()
	for n := range 5 {
		require.NoError(t, s.Commit(ctx, newConversation(fmt.Sprint("after", n))))
	}
	require.NotEmpty(t, stored("one"))
	updates := 0
	for _, c := range sent.taken() {
		if to, _ := c.Lookup("update").StringValueOK(); to == "servers" {
			updates++
		}
	}
	require.LessOrEqual(t, updates, 1, "one after the other they use the same session")
	require.NoError(t, s.ServerHeartbeat(ctx, "two", true))
	require.NotEmpty(t, stored("two"))
}

// Where the database knows no such command, the log says how long it may take.
func TestSessionsThatCannotBeEnded(t *testing.T) {
	ctx := context.Background()
	server := testdb.Start(t, testdb.Options{})
	w, uri := throughWire(t, server)
	w.Rewrite("killSessions", func(faultlink.Command, bson.D) bson.D {
		return bson.D{{Key: "ok", Value: 0.0}, {Key: "code", Value: int32(59)}, {Key: "codeName", Value: "CommandNotFound"}, {Key: "errmsg", Value: "no such command"}}
	})
	w.Rewrite("getParameter", func(faultlink.Command, bson.D) bson.D {
		return bson.D{{Key: "transactionLifetimeLimitSeconds", Value: int32(45)}, {Key: "ok", Value: 1.0}}
	})
	var log bytes.Buffer
	s := open(t, mongo.Config{URI: uri, Log: slog.New(slog.NewTextHandler(&log, nil))})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	c := newConversation("c")
	require.NoError(t, s.Commit(ctx, c))
	dieAmid(t, server, c, "here")
	require.NoError(t, s.EndPredecessor(ctx, "here"))
	require.Contains(t, log.String(), "45s")
	require.NoError(t, s.ExpireServer(ctx, "dead", 1, time.Now()), "it is buried all the same")
}

// A transaction of a server that lives, whose end did not reach the database, is ended as
// soon as the database answers again, by the next change or the next heartbeat: what it
// holds can be changed, and the feed goes on. B:V9
func TestTransactionsThatWereAbandoned(t *testing.T) {
	t.Parallel() // it waits, and has a server of its own
	ctx := context.Background()
	for name, next := range map[string]func(s *mongo.Store) error{
		"the next change":    func(s *mongo.Store) error { return s.Commit(ctx, newConversation("other")) },
		"the next heartbeat": func(s *mongo.Store) error { return s.ServerHeartbeat(ctx, "lives", false) },
	} {
		t.Run(name, func(t *testing.T) {
			sent := &recorder{}
			near, s, w, c, stream := nearAndFar(t, func(uri string) mongo.Config {
				config := quick(uri)
				config.Monitor = sent.monitor()
				return config
			})
			leaveAmid(t, w, s, c)
			w.Heal()
			sent.taken()

			began := time.Now()
			require.Eventually(t, func() bool { return next(s) == nil }, time.Minute, time.Millisecond)
			require.Contains(t, names(sent.taken()), "killSessions")
			require.NoError(t, near.Commit(ctx, following(c, "after")))
			arrived(t, stream, "after")
			require.Less(t, time.Since(began), 30*time.Second, "before the database would have let go by itself")
			require.NoError(t, stream.Close(ctx))
		})
	}
}
