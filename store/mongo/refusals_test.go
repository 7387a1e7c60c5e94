package mongo_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// A deployment, or a user, that is refused change streams or transactions is found out
// at start, with what to do about it, and nothing is written.
func TestRefusedAtStart(t *testing.T) {
	ctx := context.Background()
	server := testdb.Start(t, testdb.Options{})
	fail := failing(t, server.URI())
	for _, c := range []struct {
		command string
		codes   []int32
		reason  error
		says    string
	}{
		{"aggregate", []int32{13}, mongo.ErrNoChangeStreams, "readWrite"},
		{"aggregate", []int32{20, 72, 115, 303, 376, 40573}, mongo.ErrNoChangeStreams, "change streams"},
		{"commitTransaction", []int32{13}, mongo.ErrNoTransactions, "readWrite"},
		{"commitTransaction", []int32{20, 59, 238, 263}, mongo.ErrNoTransactions, "transactions"},
	} {
		for _, code := range c.codes {
			t.Run(fmt.Sprint(c.command, " ", code), func(t *testing.T) {
				fail(c.command, code)
				sent := &recorder{}
				began := time.Now()
				_, err := mongo.Open(ctx, mongo.Config{URI: server.URI(), Monitor: sent.monitor()})
				require.ErrorIs(t, err, c.reason)
				require.Contains(t, err.Error(), c.says)
				require.Less(t, time.Since(began), 10*time.Second)
				requireNoWrites(t, sent.taken())
			})
		}
	}
	for _, command := range []string{"hello", "aggregate", "commitTransaction"} {
		t.Run(command+" passes", func(t *testing.T) {
			fail(command, 11600)
			_, err := mongo.Open(ctx, quick(server.URI()))
			require.ErrorIs(t, err, mongo.ErrUnreachable)
		})
	}
	server.Heal(ctx)
	require.Eventually(t, func() bool {
		s, err := mongo.Open(ctx, mongo.Config{URI: server.URI()})
		return err == nil && s.Close(ctx) == nil
	}, time.Minute, 10*time.Millisecond)
}

// requireNoWrites demands that every command only asks.
func requireNoWrites(t *testing.T, commands []bson.Raw) {
	t.Helper()
	for _, name := range names(commands) {
		require.Contains(t, []string{"hello", "buildInfo", "aggregate", "getMore", "killCursors", "find", "listIndexes", "commitTransaction", "abortTransaction", "endSessions"}, name)
	}
}

// throughWire is a wire to a server, and the server's connection string by that way.
func throughWire(t *testing.T, server *testdb.Server) (w *faultlink.Wire, uri string) {
	t.Helper()
	host, rest, _ := strings.Cut(strings.TrimPrefix(server.URI(), "mongodb://"), "/")
	w, err := faultlink.ListenWire(t.Context(), host)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w, "mongodb://" + w.Addr() + "/" + rest
}

// answering opens a store on a server whose answers are changed on their way.
func answering(t *testing.T, server *testdb.Server, more string, edits map[string]faultlink.Edit) (log string, err error) {
	t.Helper()
	w, uri := throughWire(t, server)
	for name, edit := range edits {
		w.Rewrite(name, edit)
	}
	var said bytes.Buffer
	s, err := mongo.Open(context.Background(), mongo.Config{URI: uri + more, Log: slog.New(slog.NewTextHandler(&said, nil))})
	if err == nil {
		require.NoError(t, s.Close(context.Background()))
	}
	return said.String(), err
}

// adding makes answers say more.
func adding(more ...bson.E) faultlink.Edit {
	return func(_ faultlink.Command, answer bson.D) bson.D {
		for _, e := range more {
			answer = replaced(answer, e)
		}
		return answer
	}
}

func replaced(document bson.D, with bson.E) (out bson.D) {
	for _, e := range document {
		if e.Key != with.Key {
			out = append(out, e)
		}
	}
	return append(out, with)
}

// Products that speak the protocol and cannot work are told by their own names.
func TestOtherProducts(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	for name, field := range map[string]bson.E{
		"FerretDB 2": {Key: "ferretdb", Value: bson.D{{Key: "version", Value: "v2.5.0"}}},
		"FerretDB 1": {Key: "ferretdbVersion", Value: "v1.24.0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answering(t, server, "", map[string]faultlink.Edit{"buildInfo": adding(field)})
			require.ErrorIs(t, err, mongo.ErrUnsuitable)
			require.Contains(t, err.Error(), "FerretDB")
			require.NotContains(t, err.Error(), "replSet")
		})
	}
}

// What works and may surprise is logged, once.
func TestSurprises(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	for name, c := range map[string]struct {
		hello bson.E
		uri   string
		says  string
	}{
		"a sharded cluster":            {bson.E{Key: "msg", Value: "isdbgrid"}, "", "periodicNoopIntervalSecs"},
		"an arbiter":                   {bson.E{Key: "arbiters", Value: bson.A{"other:27017"}}, "", "has an arbiter"},
		"one member of several":        {bson.E{Key: "hosts", Value: bson.A{"a:27017", "b:27017"}}, "", "directConnection=true"},
		"weaker writes":                {bson.E{}, "&w=1&journal=false", "w, journal"},
		"reads elsewhere":              {bson.E{}, "&readPreference=secondaryPreferred&readConcernLevel=local", "readPreference, readConcernLevel"},
		"a bound for each operation":   {bson.E{}, "&timeoutMS=3000", "timeoutMS"},
		"linearizable reads":           {bson.E{}, "&readConcernLevel=linearizable", "readConcernLevel"},
		"reads of a snapshot":          {bson.E{}, "&readConcernLevel=snapshot", "readConcernLevel"},
		"nothing":                      {bson.E{}, "&w=majority&readPreference=primary", ""},
		"no retries, which it honours": {bson.E{}, "&retryWrites=false", ""},
	} {
		t.Run(name, func(t *testing.T) {
			edits := map[string]faultlink.Edit{}
			if c.hello.Key != "" {
				edits["hello"] = adding(c.hello)
			}
			log, err := answering(t, server, c.uri, edits)
			require.NoError(t, err)
			if c.says == "" {
				require.Empty(t, log)
				return
			}
			require.Equal(t, 1, strings.Count(log, c.says), log)
		})
	}
}

// opened opens a store on a database of its own, without migrating it.
func opened(t *testing.T, uri, database string) (*mongo.Store, *recorder) {
	t.Helper()
	sent := &recorder{}
	s, err := mongo.Open(context.Background(), mongo.Config{URI: uri, Database: database, Monitor: sent.monitor()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s, sent
}

func database(t *testing.T, uri, name string) *driver.Database {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Disconnect(context.Background())) })
	return client.Database(name)
}

// A server migrates an empty database, and takes one with data as it is or refuses it:
// it builds no index there.
func TestPrepare(t *testing.T) {
	ctx := context.Background()
	uri, name := testdb.URI(t), testdb.Database(t)
	s, sent := opened(t, uri, name)
	require.NoError(t, s.Prepare(ctx), "an empty database")
	require.Contains(t, names(sent.taken()), "createIndexes")
	require.NoError(t, s.Commit(ctx, newConversation("c")))
	sent.taken()
	require.NoError(t, s.Prepare(ctx), "a database as it should be")
	requireNoWrites(t, sent.taken())

	raw := database(t, uri, name)
	older := bson.D{{Key: "$set", Value: bson.D{{Key: "number", Value: 1}}}}
	change(t, raw, "settings", "schema", older)
	require.NoError(t, s.Prepare(ctx), "a database of an older program")
	require.EqualValues(t, 1, count(t, raw, "settings", bson.D{{Key: "number", Value: 4}}), "which must not meet what this one writes")
	sent.taken()
	require.NoError(t, raw.Collection("events").Indexes().DropOne(ctx, "key"))
	require.NoError(t, raw.Collection("conversations").Indexes().DropOne(ctx, "list_by_activity"))
	err := s.Prepare(ctx)
	require.ErrorIs(t, err, mongo.ErrNotMigrated)
	for _, said := range []string{"events.key", "conversations.list_by_activity", "switchboard migrate"} {
		require.Contains(t, err.Error(), said)
	}
	requireNoWrites(t, sent.taken())
	require.NoError(t, s.Migrate(ctx))
	require.NoError(t, s.Prepare(ctx))

	require.NoError(t, raw.Collection("events").Indexes().DropOne(ctx, "key"))
	_, err = raw.Collection("events").Indexes().CreateOne(ctx, driver.IndexModel{Keys: bson.D{{Key: "workspace", Value: 1}}, Options: options.Index().SetName("key")})
	require.NoError(t, err)
	require.ErrorIs(t, s.Prepare(ctx), mongo.ErrNotMigrated, "another index under its name")
	err = s.Migrate(ctx)
	require.ErrorIs(t, err, mongo.ErrNotMigrated)
	require.Contains(t, err.Error(), "Drop the index")
}

func count(t *testing.T, db *driver.Database, collection string, filter bson.D) int64 {
	t.Helper()
	n, err := db.Collection(collection).CountDocuments(t.Context(), filter)
	require.NoError(t, err)
	return n
}

// Several servers may start on one empty database at once.
func TestPrepareTogether(t *testing.T) {
	uri, name := testdb.URI(t), testdb.Database(t)
	done := make(chan error, 4)
	for range cap(done) {
		s, _ := opened(t, uri, name)
		go func() { done <- s.Prepare(context.Background()) }()
	}
	for range cap(done) {
		require.NoError(t, <-done)
	}
}

// A database that a newer release migrated is refused by every command, and left alone.
func TestNewerSchema(t *testing.T) {
	ctx := context.Background()
	uri, name := testdb.URI(t), testdb.Database(t)
	s, sent := opened(t, uri, name)
	require.NoError(t, s.Migrate(ctx))
	_, err := database(t, uri, name).Collection("settings").UpdateOne(ctx, bson.D{{Key: "_id", Value: "schema"}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "number", Value: 6}}}})
	require.NoError(t, err)
	sent.taken()
	_, open := mongo.Open(ctx, mongo.Config{URI: uri, Database: name, Monitor: sent.monitor()})
	for doing, err := range map[string]error{"open": open, "prepare": s.Prepare(ctx), "migrate": s.Migrate(ctx)} {
		require.ErrorIs(t, err, mongo.ErrNewer, doing)
		require.Contains(t, err.Error(), "number 10, and this program knows up to 4")
	}
	requireNoWrites(t, sent.taken())
}
