package blackbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/internal/testdb"
)

// A collection that was dropped and put back has no indexes: the server is not ready, says
// what to do, and writes nothing until the database is migrated, so that no repeat of one
// key is written twice.
func TestADatabaseThatLostItsIndexes(t *testing.T) {
	t.Parallel()
	db := testdb.Start(t, testdb.Options{})
	s := demo(t, "--mongodb-uri", within(db.URI(), "blackbox"), "--heartbeat", "500ms", "--metrics-addr", "127.0.0.1:0")
	ready := func(want int) func() bool {
		return func() bool { status, _ := s.console(t, "/readyz"); return status == want }
	}
	eventually(t, "it is ready", ready(200))
	d := s.desk(t, "demo")
	id := d.owned(d.agent1)
	send := object{"conversationId": id, "body": "Once.", "idempotencyKey": "one key"}

	client, err := mongo.Connect(options.Client().ApplyURI(db.URI()))
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Disconnect(t.Context())) }()
	events := client.Database("blackbox").Collection("events")
	require.NoError(t, events.Drop(t.Context()))
	_, err = events.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "put back"}, {Key: "workspace", Value: ""}})
	require.NoError(t, err)

	eventually(t, "it is not ready", ready(503))
	eventually(t, "it says what to do", func() bool {
		_, why := s.console(t, "/readyz")
		return strings.Contains(why, "switchboard migrate")
	})
	for range 3 {
		a, err := d.agent1.try(t.Context(), mutation("sendMessage"), object{"input": send})
		require.NoError(t, err)
		require.Contains(t, a.text, "UNAVAILABLE", "nothing is written")
	}
	succeed(t, "migrate", "--mongodb-uri", within(db.URI(), "blackbox"))
	eventually(t, "it is ready again", ready(200))
	written := map[string]bool{}
	for range 3 {
		written[str(t, d.agent1.must("sendMessage", send), "message.id")] = true
	}
	require.Len(t, written, 1)
}
