package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// The operations that the caches are given. They ask for __typename, as clients with
// a cache do, and for what moves.
const (
	cachedRow  = `__typename id revision version status assignee { __typename id name } lastMessage { __typename id sequence }`
	cachedList = `query Q { conversations(first: 10) { __typename nodes { ` + cachedRow + ` } } }`
	cachedNews = `query Q { notifications(first: 10) { __typename nodes { __typename id conversation { ` + cachedRow + ` } snapshot { __typename revision assignee { __typename id name } } } } }`
)

func cachedEvents(after string) string {
	return `subscription Q { assignmentEvents(after: "` + after + `") { __typename cursor node { __typename id kind conversation { ` + cachedRow + ` }
		snapshot { __typename revision assignee { __typename id name } } } } }`
}

// cachedAnswer is an operation with its answer.
type cachedAnswer struct {
	Query string          `json:"query"`
	Data  json.RawMessage `json:"data"`
}

// cachedRows has each cache take in the answers in turn, and returns what it says of
// the conversation after each.
func cachedRows(t *testing.T, id string, answers []cachedAnswer) map[string][]object {
	t.Helper()
	const interop = "../transport/interop"
	_, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(interop, "node_modules/relay-runtime"))
	}
	if err != nil && os.Getenv("SWITCHBOARD_TEST_REQUIRE_NODE") == "" {
		t.Skip("not tested with the caches of Apollo, Relay and urql: run npm ci in transport/interop first")
	}
	require.NoError(t, err, "Node 20 is required: run npm ci in transport/interop first")
	var schema bytes.Buffer
	files, err := filepath.Glob("../graph/schema/*.graphqls")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		schema.Write(text)
	}
	input, err := json.Marshal(object{"schema": schema.String(), "list": cachedList, "field": "conversations", "id": id, "answers": answers})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	command := exec.CommandContext(ctx, "node", "caches.mjs")
	command.Dir, command.Stdin, command.Stderr = interop, bytes.NewReader(input), os.Stderr
	out, err := command.Output()
	require.NoError(t, err)
	var rows map[string][]object
	require.NoError(t, json.Unmarshal(out, &rows))
	return rows
}

// asked is the answer to a query as it is given to the caches.
func (c *client) asked(query string) cachedAnswer {
	c.t.Helper()
	var raw struct{ Data json.RawMessage }
	a := c.do(query, nil)
	a.ok()
	require.NoError(c.t, json.Unmarshal([]byte(a.text), &raw))
	return cachedAnswer{query, raw.Data}
}

// data is the data of the next item.
func (st *stream) data() json.RawMessage {
	st.t.Helper()
	m := st.message()
	require.Equal(st.t, "next", m.Type, "%s", m.Payload)
	var raw struct{ Data, Errors json.RawMessage }
	require.NoError(st.t, json.Unmarshal(m.Payload, &raw))
	require.Empty(st.t, raw.Errors)
	return raw.Data
}

// The normalised caches of Apollo, Relay and urql keep one object for an id. An
// activity feed that is resumed, live items and notifications never put an older row
// in the place of a newer one that the list had before they were asked for. B:V8b
func TestCachesKeepTheNewestRow(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.TransferActor = workspace.TransferByManagers })
		c := w.owned("agent1")
		manager := w.as("manager")
		w.settle()
		after, _ := manager.do(`{ conversations(first: 1) { liveCursor } }`, nil).at("conversations.liveCursor").(string)
		give := func(to string) {
			_, err := w.service.Desk.Assign(t.Context(), w.principal("admin"), w.request(c), access.Owner{Member: w.member(to)}, "")
			require.NoError(t, err)
		}
		for _, to := range []string{"manager", "agent2", "manager", "senior"} {
			give(to)
		}
		w.says(contactOf(c), c, "still there?")
		w.settle()
		list := manager.asked(cachedList)
		feed := manager.follow(cachedEvents(after), nil)
		answers := []cachedAnswer{list}
		take := func(n int) {
			for range n {
				answers = append(answers, cachedAnswer{cachedEvents(after), feed.data()})
			}
		}
		take(4)
		replayed := len(answers)
		answers = append(answers, manager.asked(cachedNews), manager.asked(cachedList))
		give("agent1")
		take(1)
		w.says(contactOf(c), c, "hello?")
		answers = append(answers, manager.asked(cachedList))

		id := resolvers.ConversationID(c.ID)
		now := w.stored(c.ID)
		for cache, rows := range cachedRows(t, id, answers) {
			require.Len(t, rows, len(answers), cache)
			before := 0.0
			for i, row := range rows {
				revision, _ := row["revision"].(float64)
				require.GreaterOrEqual(t, revision, before, "%s after answer %d", cache, i)
				before = revision
			}
			require.Equal(t, rows[0], rows[replayed-1], "%s: the feed that was resumed", cache)
			require.Equal(t, now.Revision, int(before), cache)
			require.Equal(t, "Anna Berg", dig(t, rows[len(rows)-1], "assignee.name"), cache)
			require.EqualValues(t, now.LastMessage.Sequence, dig(t, rows[len(rows)-1], "lastMessage.sequence"), cache)
		}
	})
}

// One answer has one state of each conversation, of those that the caller may no
// longer see too: what each event left is in its snapshot. B:V8b
func TestOneStateInAnAnswer(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.TransferActor = workspace.TransferByManagers })
		c := w.owned("agent1")
		for _, to := range []string{"agent2", "agent1", "agent2", "senior"} {
			_, err := w.service.Desk.Assign(t.Context(), w.principal("manager"), w.request(c), access.Owner{Member: w.member(to)}, "")
			require.NoError(t, err)
		}
		owners := []any{"Samira Haddad", "Émile Okafor", "Anna Berg", "Émile Okafor"}
		for step, want := range []any{"Samira Haddad", "Samira Haddad"} {
			nodes, _ := w.as("agent2").do(cachedNews, nil).at("notifications.nodes").([]any)
			require.Len(t, nodes, 4)
			for i, n := range nodes {
				require.Equal(t, want, dig(t, n, "conversation.assignee.name"))
				require.Equal(t, dig(t, nodes[0], "conversation"), dig(t, n, "conversation"))
				require.Equal(t, owners[i], dig(t, n, "snapshot.assignee.name"))
			}
			if step == 0 { // out of sight
				w.editMember("agent2", func(m *workspace.Member) { m.Teams = []workspace.TeamID{w.team("sales")} })
				w.settle()
			}
		}
		history := w.as("manager").do(`query($id: ID!) { conversation(id: $id) { revision history(first: 9) { nodes { version conversation { revision } snapshot { revision version } } } } }`,
			vars{"id": resolvers.ConversationID(c.ID)})
		now := w.stored(c.ID)
		require.Equal(t, number(now.Revision), history.at("conversation.revision"))
		events, _ := history.at("conversation.history.nodes").([]any)
		last := now.Revision + 1
		for _, e := range events {
			require.Equal(t, number(now.Revision), dig(t, e, "conversation.revision"))
			require.Equal(t, dig(t, e, "version"), dig(t, e, "snapshot.version"))
			revision, err := dig(t, e, "snapshot.revision").(json.Number).Int64()
			require.NoError(t, err)
			require.Less(t, int(revision), last)
			last = int(revision)
		}
	})
}
