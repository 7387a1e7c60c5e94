package blackbox_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

const contactView = `query($id: ID!) { conversation(id: $id) { id subject messages(last: 5) { nodes { body } } } }`

// B:V8
func playContact(t *testing.T, s *server) {
	d := s.desk(t, "demo")
	id, token := d.chat()
	other := d.owned(d.agent1)
	visitor := s.with(t, token)
	require.Equal(t, []string{"Hello?"}, column(t, visitor.do(contactView, object{"id": id}).at("conversation.messages.nodes"), "body"))
	sent := visitor.do(`mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { body } userErrors { code } } }`,
		object{"input": object{"conversationId": id, "body": "Still there?"}})
	require.Equal(t, "Still there?", sent.at("sendMessage.message.body"))

	// Nothing else is reached.
	for _, foreign := range []string{other, madeUp(t, id)} {
		read := visitor.do(contactView, object{"id": foreign})
		require.Contains(t, []string{"NOT_FOUND"}, read.code(), read.text)
		require.Nil(t, read.Data["conversation"])
		sent := visitor.do(`mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { body } userErrors { code } } }`,
			object{"input": object{"conversationId": foreign, "body": "Let me in"}})
		require.Nil(t, sent.at("sendMessage.message"))
		require.Contains(t, []any{"NOT_FOUND"}, sent.at("sendMessage.userErrors.0.code"))
	}
	for _, query := range []string{
		`{ conversations(first: 1) { nodes { id } } }`, `{ members(first: 1) { nodes { id } } }`, `{ workspace { name } }`,
		`{ inboxCounts(views: [{}]) { count } }`,
	} {
		require.Equal(t, "PERMISSION_DENIED", visitor.do(query, nil).code(), query)
	}
	require.NotEmpty(t, visitor.connect().subscribe(`subscription($id: ID!) { conversationUpdates(id: $id) { cursor } }`, object{"id": other}).refused())
	require.NotEmpty(t, visitor.connect().subscribe(`subscription { assignmentEvents { cursor } }`, nil).refused())

	// The token that is printed is of the same sort.
	printed := s.as(t, "demo contact").do(`{ viewer { contact { id } member { id } } }`, nil)
	require.NotNil(t, printed.at("viewer.contact"))
	require.Nil(t, printed.at("viewer.member"))
}

// B:Z7
func playAnotherWorkspace(t *testing.T, s *server) {
	d, stranger := s.desk(t, "demo"), s.desk(t, "demo-free").owner
	id := d.owned(d.agent1)
	madeUp := madeUp(t, id)
	for _, view := range []string{`query($id: ID!) { conversation(id: $id) { id } }`, `query($id: ID!) { node(id: $id) { id } }`} {
		foreign := stranger.do(view, object{"id": id})
		require.NotContains(t, foreign.text, id)
		require.Equal(t, stranger.do(view, object{"id": madeUp}).text, foreign.text)
	}
	for name, more := range map[string]object{
		"takeOverConversation": {}, "claimConversation": {}, "sendMessage": {"body": "x"}, "setConversationStatus": {"status": "CLOSED"},
	} {
		ask := func(id string) string {
			input := object{"conversationId": id}
			for k, v := range more {
				input[k] = v
			}
			return stranger.do(mutation(name), object{"input": input}).text
		}
		require.Contains(t, ask(id), "NOT_FOUND", name)
		require.Equal(t, ask(madeUp), ask(id), name)
	}
	follow := `subscription($id: ID!) { conversationUpdates(id: $id) { cursor } }`
	require.Equal(t, stranger.connect().subscribe(follow, object{"id": madeUp}).refused(), stranger.connect().subscribe(follow, object{"id": id}).refused())
}

// madeUp gives an id of the same form that nothing has.
func madeUp(t *testing.T, id string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(id)
	require.NoError(t, err)
	for i := len(text) - 10; i < len(text); i++ {
		text[i] = 'Z'
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// playBadTokens asks without a token, with an unsigned one and with one whose
// payload was changed, over HTTP and over a socket.
func playBadTokens(t *testing.T, s *server) {
	good := s.tokens["demo observer@demo.test"]
	parts := strings.Split(good, ".")
	owner := strings.Split(s.tokens["demo owner@demo.test"], ".")
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + "."
	for name, token := range map[string]string{
		"none": "", "unsigned": unsigned, "no signature": parts[0] + "." + parts[1] + ".",
		"another's payload": parts[0] + "." + owner[1] + "." + parts[2], "garbage": "garbage",
	} {
		t.Run(name, func(t *testing.T) {
			c := s.with(t, token)
			a := c.do(`{ viewer { permissions } }`, nil)
			require.Equal(t, http.StatusUnauthorized, a.status)
			require.Equal(t, "UNAUTHENTICATED", a.code())
			require.Nil(t, a.Data)
			code, _ := c.dial().closed()
			require.Equal(t, websocket.StatusCode(4403), code)
		})
	}
	require.NotContains(t, s.errors.String(), unsigned)
	require.NotContains(t, s.errors.String(), good)
}

// playPages looks at what browsers are given.
func playPages(t *testing.T, s *server) {
	status, header, text := s.get(t, "/config.json")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, header.Get("Content-Type"), "application/json")
	var config struct {
		Endpoint string
		SignIns  []struct{ Label, Token string }
	}
	require.NoError(t, json.Unmarshal([]byte(text), &config))
	require.Equal(t, "/graphql", config.Endpoint)
	offered := map[string]string{}
	for _, one := range config.SignIns {
		offered[one.Label] = one.Token
	}
	require.Equal(t, s.tokens, offered)

	for path, file := range map[string]string{"/": "index.html", "/playground": "playground.html"} {
		status, _, page := s.get(t, path)
		if _, err := os.Stat(filepath.Join("..", "..", "web", "dist", file)); err != nil {
			require.Equal(t, http.StatusServiceUnavailable, status)
			require.Contains(t, page, "make build")
			t.Skip("the pages were not built: run make build")
		}
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "/assets/")
	}
}

func filesIn(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	out := []string{}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
