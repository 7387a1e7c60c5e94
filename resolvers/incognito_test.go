package resolvers_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/internal/sharding"
	"switchboard/internal/testdb"
	"switchboard/resolvers"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"
)

// onWholeEngines runs a suite on both engines, with a function that gives all that
// is stored.
func onWholeEngines(t *testing.T, suite func(t *testing.T, s *server, whole func() any)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		testdb.Record(t, testdb.Embedded)
		dir := t.TempDir()
		opened, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
		require.NoError(t, err)
		suite(t, serve(t, opened), func() any {
			var all []string
			for _, name := range []string{sqlite.FileName, sqlite.FileName + "-wal"} {
				file, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				all = append(all, string(file))
			}
			return all
		})
	})
	t.Run("wire", func(t *testing.T) {
		config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sharding.Watch(t, nil)}
		opened, err := mongo.Open(t.Context(), config)
		require.NoError(t, err)
		require.NoError(t, opened.Migrate(t.Context()))
		client, err := driver.Connect(options.Client().ApplyURI(config.URI))
		require.NoError(t, err)
		t.Cleanup(func() { _ = client.Disconnect(t.Context()) })
		suite(t, serve(t, opened), func() any { return everyDocument(t, client.Database(config.Database)) })
	})
}

func everyDocument(t *testing.T, db *driver.Database) map[string][]bson.M {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	require.NoError(t, err)
	out := map[string][]bson.M{}
	for _, name := range names {
		found, err := db.Collection(name).Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
		require.NoError(t, err)
		docs := []bson.M{}
		require.NoError(t, found.All(t.Context(), &docs))
		out[name] = docs
	}
	return out
}

// Who monitors reads everything and follows live. Nothing in the whole database
// changes by it, nobody is told, and to send is to take over first. B:M1
func TestMonitoringLeavesNoTrace(t *testing.T) {
	onWholeEngines(t, func(t *testing.T, s *server, whole func() any) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("sales1")
		w.says(contactOf(c), c, "Hello")
		spy, anna := w.as("manager"), w.as("sales1")
		bell, theirs, visitor := anna.follow(followNotifications, nil), anna.followConversation(c.ID), w.contact(c).follow(`subscription($id: ID!) { conversationUpdates(id: $id) { message { body } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		w.settle()
		id := vars{"id": resolvers.ConversationID(c.ID)}
		w.numbered()
		resume := w.withhold() // the log is written behind the changes
		before := whole()

		watching := spy.connect()
		events := watching.subscribe(followEvents, nil)
		follow := watching.subscribe(followConversation, id)
		read := spy.do(`query($id: ID!) { conversation(id: $id) {
			id subject lastMessage { body } viewerCan(actions: [MONITOR, REPLY, TAKE_OVER]) { action allowed reason }
			messages { nodes { body } } history { nodes { kind } } contact { email }
		} notifications { unreadCount nodes { id kind } } inboxCounts(views: [{list: ALL}]) { count } }`, id)
		require.Equal(t, []any{
			object{"action": "MONITOR", "allowed": true, "reason": nil},
			object{"action": "REPLY", "allowed": false, "reason": "TAKEOVER_REQUIRED"},
			object{"action": "TAKE_OVER", "allowed": true, "reason": nil},
		}, read.at("conversation.viewerCan"))
		require.Equal(t, []string{"Chiara Rossi is now in the conversation.", "Hello"}, column(t, read.at("conversation.messages.nodes"), "body"))
		send := spy.do(`mutation($id: ID!) { sendMessage(input: {conversationId: $id, body: "I was here"}) { message { id } userErrors { code } } }`, id)
		require.Equal(t, []string{"TAKEOVER_REQUIRED"}, column(t, send.at("sendMessage.userErrors"), "code"))
		require.Equal(t, before, whole(), "monitoring changed what is stored")
		resume()

		// Live as well, and what the others hear next is what happens next.
		said := w.says(contactOf(c), c, "Anybody?")
		requireMatch(t, object{"message": object{"body": "Anybody?"}}, follow.item(), "the monitor follows")
		requireMatch(t, object{"kind": "INBOUND_MESSAGE", "message": object{"id": resolvers.GlobalID("Message", said.Messages[0].ID)}}, bell.item(), "the owner's bell")
		requireMatch(t, object{"message": object{"body": "Anybody?"}}, theirs.item(), "the owner's stream")
		requireMatch(t, object{"message": object{"body": "Anybody?"}}, visitor.item(), "the contact's stream")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("sales1"), w.request(c), inbox.Unset)
		require.NoError(t, err)
		require.Equal(t, "STATUS_CHANGED", dig(t, events.item(), "node.kind"))
	})
}
