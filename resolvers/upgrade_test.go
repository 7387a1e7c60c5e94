package resolvers_test

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/workspace"
	"switchboard/internal/sharding"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// stored writes documents of a file of testdata/before, as an earlier version stored
// them: its demo workspace of the plan free.
func stored(t *testing.T, config mongo.Config, file string) {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(config.URI))
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Disconnect(t.Context())) }()
	data, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, data.Close()) }()
	lines := bufio.NewScanner(data)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			In  string   `bson:"in"`
			Doc bson.Raw `bson:"doc"`
		}
		require.NoError(t, bson.UnmarshalExtJSON(lines.Bytes(), false, &row))
		_, err := client.Database(config.Database).Collection(row.In).InsertOne(t.Context(), row.Doc)
		require.NoError(t, err)
	}
	require.NoError(t, lines.Err())
}

const (
	readStored = `{ conversations(first: 50) { nodes { id status handler contact { name } assignee { name } waitingSince
		lastMessage { id } messages(first: 50) { nodes { id body } } history(first: 50) { nodes { id kind } } } }
		notifications(first: 50) { nodes { id kind } } workspace { rules { undoWindow presenceReturn } } members { nodes { name availability } } }`
	takeStored  = `mutation($id: ID!) { takeOverConversation(input: {conversationId: $id, message: "I will help."}) { userErrors { code message } } }`
	claimStored = `mutation($id: ID!) { claimConversation(input: {conversationId: $id}) { userErrors { code message } } }`
	sendStored  = `mutation($id: ID!) { sendMessage(input: {conversationId: $id, body: "Still there?"}) { userErrors { code message } } }`
	setStored   = `mutation($id: ID!, $to: ConversationStatus!) { setConversationStatus(input: {conversationId: $id, status: $to}) { userErrors { code message } } }`
)

// Data of each earlier version is read whole, and every verb works on it.
func TestDataOfEarlierVersions(t *testing.T) {
	files, err := filepath.Glob("testdata/before/*.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sharding.Watch(t, nil)}
			stored(t, config, file)
			opened, err := mongo.Open(t.Context(), config)
			require.NoError(t, err)
			require.NoError(t, opened.Migrate(t.Context()))
			s := serve(t, opened)
			w := &space{server: s, t: t, id: "demo-free"}
			owner := w.as("owner")
			before := owner.do(readStored, nil).ok()
			nodes := dig(t, before, "conversations.nodes").([]any)
			require.Len(t, nodes, 12)
			said := 0
			for _, c := range nodes {
				c := c.(object)
				said += len(dig(t, c, "messages.nodes").([]any))
				require.NotEmpty(t, dig(t, c, "history.nodes"))
				require.NotEmpty(t, dig(t, c, "contact.name"))
			}
			require.Greater(t, said, 10)
			require.Equal(t, number(int(workspace.DefaultRules().PresenceReturn.Seconds())), dig(t, before, "workspace.rules.presenceReturn"))
			owner.act("updateWorkspaceRules", object{"undoWindow": 20})
			for _, c := range nodes {
				walkStored(t, owner, c.(object))
			}
			after := dig(t, owner.do(readStored, nil).ok(), "conversations.nodes").([]any)
			require.Len(t, after, 12)
		})
	}
}

// walkStored takes, answers, closes and opens one of them; what was said is still
// there, in its order and before what is new.
func walkStored(t *testing.T, owner *client, c object) {
	t.Helper()
	done := func(query string, v vars) {
		for _, payload := range owner.do(query, v).ok() {
			require.Empty(t, payload.(object)["userErrors"], "%s %v", query, c)
		}
	}
	id := vars{"id": c["id"]}
	if c["status"] == "CLOSED" {
		done(setStored, vars{"id": c["id"], "to": "OPEN"})
	}
	is := owner.do(`query($id: ID!) { viewer { member { name } } conversation(id: $id) { assignee { name } } }`, id).ok()
	switch assignee, _ := dig(t, is, "conversation").(object)["assignee"].(object); {
	case assignee == nil:
		done(claimStored, id)
	case assignee["name"] != dig(t, is, "viewer.member.name"):
		done(takeStored, id)
	}
	done(sendStored, id)
	done(setStored, vars{"id": c["id"], "to": "CLOSED"})
	done(setStored, vars{"id": c["id"], "to": "OPEN"})
	said := dig(t, owner.do(`query($id: ID!) { conversation(id: $id) { messages(first: 50) { nodes { id body } } } }`, id).ok(), "conversation.messages.nodes").([]any)
	old := dig(t, c, "messages.nodes").([]any)
	require.Greater(t, len(said), len(old))
	require.Equal(t, old, said[:len(old)])
}
