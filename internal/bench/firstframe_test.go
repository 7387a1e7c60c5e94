package bench_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
)

const firstFrames = 200

// BenchmarkFirstFrame takes a conversation over, with nobody else about, and tells
// how much later a subscriber has it than the bare driver, which watches the same
// database from the same process as the subscriber.
func BenchmarkFirstFrame(b *testing.B) {
	uri := testdb.Start(b, testdb.Options{}).URI()
	server := startServer(b, uri)
	client := newClient(b, server)
	framed, watched := follow(b, server), watchBare(b, uri)
	var later []float64
	for i := range firstFrames + 20 {
		client.takeOvers(b, 1, 0)
		frame, change := <-framed, <-watched
		require.Equal(b, change.version, frame.version)
		if i >= 20 { // behind the warming up
			later = append(later, float64(frame.at.Sub(change.at).Microseconds())/1000)
		}
	}
	b.ReportMetric(report.Median(later), "ms-later")
	b.ReportMetric(0, "ns/op")
}

// takenOver is when somebody heard of a takeover.
type takenOver struct {
	version int
	at      time.Time
}

// follow hears of takeovers as a subscriber.
func follow(b *testing.B, s *server) <-chan takenOver {
	b.Helper()
	conn, _, err := websocket.Dial(b.Context(), strings.Replace(s.url, "http", "ws", 1), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	require.NoError(b, err)
	b.Cleanup(func() { _ = conn.CloseNow() })
	say := func(message map[string]any) { require.NoError(b, wsjson.Write(b.Context(), conn, message)) }
	say(map[string]any{"type": "connection_init", "payload": map[string]string{"Authorization": "Bearer " + s.token("manager@demo.test")}})
	_, _, err = conn.Read(b.Context()) // connection_ack
	require.NoError(b, err)
	say(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]string{
		"query": `subscription { assignmentEvents(filter: {kinds: [TAKEN_OVER]}) { cursor node { id version } } }`,
	}})
	out := make(chan takenOver, firstFrames)
	go func() {
		for {
			_, data, err := conn.Read(context.Background())
			at := time.Now()
			if err != nil {
				return
			}
			var m struct {
				Type    string
				Payload struct {
					Data struct {
						AssignmentEvents struct{ Node struct{ Version int } }
					}
				}
			}
			if json.Unmarshal(data, &m) == nil && m.Type == "next" {
				out <- takenOver{m.Payload.Data.AssignmentEvents.Node.Version, at}
			}
		}
	}()
	return out
}

// watchBare hears of them as whoever uses the driver alone.
func watchBare(b *testing.B, uri string) <-chan takenOver {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	require.NoError(b, err)
	kind := mongo.Pipeline{{{Key: "$match", Value: bson.D{{Key: "fullDocument.kind", Value: "TAKEN_OVER"}}}}}
	stream, err := client.Database("switchboard").Collection("events").Watch(ctx, kind)
	require.NoError(b, err)
	b.Cleanup(func() { cancel(); _ = client.Disconnect(context.Background()) })
	out := make(chan takenOver, firstFrames)
	go func() {
		for stream.Next(ctx) {
			at := time.Now()
			version, ok := stream.Current.Lookup("fullDocument", "version").AsInt64OK()
			if ok {
				out <- takenOver{int(version), at}
			}
		}
	}()
	return out
}
