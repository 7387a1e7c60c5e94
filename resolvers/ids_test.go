package resolvers_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// idRow is one line of testdata/ids.json.
type idRow struct {
	// Argument is where the id goes, Wants the type that it must be of.
	Argument string `json:"argument"`
	Wants    string `json:"wants"`
	// AlsoTakes is a type that is read, to be refused with an answer of its own.
	AlsoTakes string         `json:"alsoTakes"`
	As        string         `json:"as"`
	On        string         `json:"on"`
	With      map[string]any `json:"with"`
	// Follows is for a subscription that a foreign id only filters.
	Follows bool `json:"follows"`
}

// idTypes are the types that have ids.
func idTypes(s *ast.Schema) []string {
	var out []string
	for _, d := range s.GetPossibleTypes(s.Types["Node"]) {
		out = append(out, d.Name)
	}
	return out
}

// anID gives a real id of each type in the space.
func (w *space) anID(t *testing.T, c inbox.Conversation, typeName string) string {
	t.Helper()
	switch typeName {
	case "Conversation":
		return resolvers.ConversationID(c.ID)
	case "Contact":
		return resolvers.GlobalID("Contact", c.Contact)
	case "Member":
		return w.global("member agent1")
	case "Team":
		return w.global("team sales")
	case "AIAgent":
		return w.global("agent ai")
	case "Workspace":
		return w.global("workspace")
	case "SavedView":
		return w.savedView()
	case "WebhookEndpoint":
		return w.webhook()
	case "ReasonCode":
		return w.global("reason CLOSE")
	case "ApiKey":
		return w.global("key website")
	case "TransferOffer":
		return w.openOffer()
	case "Message":
		page, err := w.store.ListMessages(t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: c.ID, Page: inbox.PageRequest{Limit: 1}})
		require.NoError(t, err)
		return resolvers.GlobalID("Message", page.Items[0].ID)
	case "AssignmentEvent":
		page, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 1})
		require.NoError(t, err)
		return resolvers.GlobalID("AssignmentEvent", page.Items[0].ID)
	case "Notification": // told to the assignee
		page, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 1})
		require.NoError(t, err)
		return resolvers.GlobalID("Notification", inbox.NotificationsOf(page.Items[0])[0].ID)
	}
	t.Fatalf("no id of a %s", typeName)
	return ""
}

// malformed are ids of the type that nobody was ever given.
func malformed(typeName string) map[string]string {
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	good := encode(typeName + ":x")
	return map[string]string{
		"empty": "", "a word": "nonsense", "a bare id": "01J9ZK", "no type": encode("x"), "no id": encode(typeName + ":"),
		"unknown type": encode("Secret:x"), "a path": encode(typeName + ":../x"), "an operator": encode(typeName + `:{"$gt":""}`),
		"a dot": encode(typeName + ":a.b"), "a dollar": encode(typeName + ":$where"), "a blank": encode(typeName + ": x"),
		"a zero byte": encode(typeName + ":\x00"), "not UTF-8": encode(typeName + ":\xff"), "padding": good + "=",
		"a line end": good + "\n", "a line end within": good[:2] + "\r\n" + good[2:], "a blank behind": good + " ",
		"endless": encode(typeName + ":" + strings.Repeat("x", 10_000)), "other case": encode(strings.ToLower(typeName) + ":x"),
	}
}

// stageFor sets what the row asks for.
func (row idRow) stageFor(w *space, schema *ast.Schema) *stage {
	st := &stage{space: w, schema: schema}
	st.set(orElse(row.On, "chat of agent1"))
	if row.As == "ai" {
		st.set("chat")
	}
	return st
}

// Every argument that takes an id has a line of the table.
func TestIDsAreCovered(t *testing.T) {
	s := loadSchema(t)
	covered := map[string]bool{}
	for _, row := range readTable[idRow](t, "ids.json") {
		covered[row.Argument] = true
		require.Equal(t, "ID", argumentNamed(t, s, row.Argument).typ.Name(), row.Argument)
	}
	for _, a := range everyArgument(s) {
		if a.typ.Name() == "ID" {
			assert.True(t, covered[a.String()], `%s takes an id: add {"argument": %q, "wants": TYPE} to testdata/ids.json, with its other arguments in "with"`, a, a)
		}
	}
}

func TestWalkMalformedIDsAreRefused(t *testing.T) {
	walk.Alone(t)
	s := onEmbedded(t) // no id that is refused here may reach a store
	schema := loadSchema(t)
	w := s.newSpace(t, "enterprise", nil)
	for _, row := range readTable[idRow](t, "ids.json") {
		st, a := row.stageFor(w, schema), argumentNamed(t, schema, row.Argument)
		base, _ := st.fill(row.With).(map[string]any)
		refused := func(name, id string) {
			t.Run(row.Argument+" "+name, func(t *testing.T) {
				st := &stage{space: w.in(t), schema: schema, current: st.current}
				c := st.client(orElse(row.As, "owner"))
				got := a.ask(c, schema, a.put(t, schema, base, id))
				code, field := got.verdict()
				require.Equal(t, "INVALID_INPUT", code, got.text)
				require.NotEmpty(t, field, got.text)
				require.Equal(t, a.path[len(a.path)-1], field[len(field)-1])
			})
		}
		for name, id := range malformed(orElse(strings.Trim(row.Wants, "*"), "Member")) {
			refused(name, id)
		}
		for _, typeName := range idTypes(schema) {
			if row.Wants != "*" && typeName != row.Wants && typeName != row.AlsoTakes {
				refused("of a "+typeName, resolvers.GlobalID(typeName, "x"))
			}
		}
	}
}

// made gives an id of the type that nothing has.
func made(typeName string) string { return resolvers.GlobalID(typeName, rand.Text()) }

// nodes answers each id in its place.
func TestNodes(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.start(desk.NewConversation{Message: "Hello", To: access.Owner{Member: w.member("manager")}})
		w.pass(c.ID, access.Owner{Member: w.member("owner")}, "")
		var ids []string
		var want []any
		for _, typeName := range idTypes(schema) {
			id := w.anID(t, c, typeName)
			ids = append(ids, id)
			want = append(want, object{"__typename": typeName, "id": id})
			one := w.as("owner").do(`query($id: ID!) { node(id: $id) { __typename id } }`, vars{"id": id})
			require.Equal(t, object{"__typename": typeName, "id": id}, one.at("node"))
		}
		ids, want = append(ids, made("Team"), "nonsense"), append(want, nil, nil)
		many := w.as("owner").do(`query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, vars{"ids": ids})
		require.Equal(t, want, many.Data["nodes"])
		require.Len(t, many.Errors, 2)
		for _, e := range many.Errors {
			i := len(ids) - 1
			if e.Extensions["code"] == "NOT_FOUND" {
				i--
			}
			require.Equal(t, []any{"nodes", number(i)}, e.Path, fmt.Sprint(e))
		}
		over := w.as("owner").do(`query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, vars{"ids": strings.Split(strings.Repeat(ids[0]+" ", 100)+ids[0], " ")})
		require.Equal(t, "INVALID_INPUT", over.code())
	})
}
