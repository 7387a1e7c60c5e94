package mongo_test

import (
	"context"
	"encoding/csv"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// serverCode is a row of the list of MongoDB's error codes. Names of codes that only
// its change streams use are ours.
type serverCode struct {
	code    int32
	name    string
	verdict string // passes, caller, setup, lost or bug
}

// once asks a server once, and looks for one that seems gone again at once: some codes
// make the driver take a server for gone.
func once(c *mongo.Config) { c.URI += "&retryReads=false&heartbeatFrequencyMS=500" }

func serverCodes(t *testing.T) (out []serverCode) {
	t.Helper()
	file, err := os.Open("testdata/codes.csv")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		code, err := strconv.ParseInt(row[0], 10, 32)
		require.NoError(t, err)
		out = append(out, serverCode{int32(code), row[1], row[2]})
	}
	require.Greater(t, len(out), 400)
	return out
}

// Every error code of MongoDB is what its row says, in a read. B:E1
func TestCodesOfReads(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{}, once)
	want := map[string]inbox.Code{"passes": inbox.Unavailable, "caller": inbox.InvalidInput, "setup": inbox.Internal, "lost": inbox.Internal, "bug": inbox.Internal}
	fail := failing(t, server.URI())
	for _, c := range serverCodes(t) {
		fail("find", c.code)
		_, err := s.Conversation(ctx, "w", "c")
		require.Equal(t, want[c.verdict], inbox.CodeOf(err), "%d %s: %v", c.code, c.name, err)
		found(t, s, c)
	}
}

// A position that the server refuses, for whatever reason and at whichever call, is no
// position; unless the log is too short, the fault passes, the deployment has no
// change streams, or the server refuses to open a stream at the present end too. B:V3
func TestCodesOfPositions(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{}, once)
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	position := stream.Position()
	require.NoError(t, stream.Close(ctx))
	opened := func(within time.Duration, read func(feed.FeedStream, context.Context) (feed.FeedItem, bool, error)) error {
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		stream, err := s.WatchWorkspace(ctx, "w", position)
		if err == nil {
			_, _, err = read(stream, ctx)
			require.NoError(t, stream.Close(ctx))
		}
		return err
	}
	// The driver opens a stream again and again after what passes.
	patience := map[string]time.Duration{"passes": 500 * time.Millisecond, "caller": time.Minute, "setup": time.Minute, "lost": time.Minute, "bug": time.Minute}
	fail := failing(t, server.URI())
	for _, c := range serverCodes(t) {
		fail("aggregate", c.code)
		err := opened(patience[c.verdict], feed.FeedStream.TryNext)
		switch c.verdict {
		case "passes":
			require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%d %s: %v", c.code, c.name, err)
		case "lost":
			require.ErrorIs(t, err, feed.ErrHistoryLost, "%d %s", c.code, c.name)
		case "setup":
			require.Equal(t, inbox.Internal, inbox.CodeOf(err), "%d %s: %v", c.code, c.name, err)
			require.NotErrorIs(t, err, feed.ErrBadPosition, "%d %s", c.code, c.name)
		default:
			require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%d %s at every place: %v", c.code, c.name, err)
			fail("aggregate", c.code, 1)
			require.ErrorIs(t, opened(time.Minute, feed.FeedStream.TryNext), feed.ErrBadPosition, "%d %s", c.code, c.name)
		}
		found(t, s, c)
	}
	server.Heal(ctx)
	require.NoError(t, opened(time.Minute, feed.FeedStream.TryNext))
	for _, code := range []int32{2, 260, 40649, 7182501} {
		fail("getMore", code)
		require.ErrorIs(t, opened(time.Minute, func(stream feed.FeedStream, ctx context.Context) (item feed.FeedItem, ok bool, err error) {
			item, err = stream.Next(ctx)
			return item, err == nil, err
		}), feed.ErrBadPosition, "%d in the first read", code)
	}
}

// found waits until the driver knows the server again, after an answer that may have
// made it look elsewhere.
func found(t *testing.T, s *mongo.Store, c serverCode) {
	t.Helper()
	if c.verdict == "passes" {
		require.Eventually(t, func() bool { return s.Check(context.Background()) == nil }, time.Minute, time.Millisecond)
	}
}

// failing returns what makes a command fail with a code, over one connection: always, or
// so many times.
func failing(t *testing.T, uri string) func(command string, code int32, times ...int) {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Disconnect(context.Background())) })
	return func(command string, code int32, times ...int) {
		t.Helper()
		var mode any = "alwaysOn"
		if len(times) > 0 {
			mode = bson.D{{Key: "times", Value: times[0]}}
		}
		require.NoError(t, client.Database("admin").RunCommand(t.Context(), bson.D{
			{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: mode},
			{Key: "data", Value: bson.D{{Key: "failCommands", Value: bson.A{command}}, {Key: "errorCode", Value: code}}},
		}).Err())
	}
}
