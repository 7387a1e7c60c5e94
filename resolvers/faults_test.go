package resolvers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// errPanic makes a watched store panic instead of failing.
var errPanic = errors.New("panic with kerosene")

// dependent is an operation with the method of the store that it needs.
type dependent struct{ method, query string }

// vars gives the variables that the query declares.
func (d dependent) vars(w *space, c inbox.Conversation) vars {
	out := vars{}
	if strings.Contains(d.query, "$id:") {
		out["id"] = resolvers.ConversationID(c.ID)
	}
	if strings.Contains(d.query, "$team:") {
		out["team"] = w.global("team sales")
	}
	return out
}

func dependents() []dependent {
	return []dependent{
		{"Conversation", `query($id: ID!) { conversation(id: $id) { id } }`},
		{"Conversation", `mutation($id: ID!) { claimConversation(input: {conversationId: $id}) { userErrors { code } } }`},
		{"Commit", `mutation($id: ID!) { claimConversation(input: {conversationId: $id}) { userErrors { code } } }`},
		{"Commit", `mutation($id: ID!) { sendMessage(input: {conversationId: $id, body: "Hello"}) { userErrors { code } } }`},
		{"Commit", `mutation { startLivechat(input: {contact: {}}) { userErrors { code } } }`},
		{"Commit", `mutation($team: ID!) { createTicket(input: {subject: "A", contact: {}, to: {teamId: $team}}) { userErrors { code } } }`},
		{"EventByKey", `mutation($id: ID!) { leaveConversation(input: {conversationId: $id, idempotencyKey: "k"}) { userErrors { code } } }`},
		{"SaveDirectory", `mutation { setAvailability(input: {availability: AWAY}) { userErrors { code } } }`},
		{"Administer", `mutation { updateWorkspaceRules(input: {maxAutoAssigned: 7}) { userErrors { code } } }`},
		{"ListConversations", `{ conversations { nodes { id } } }`},
		{"CountConversations", `{ conversations { totalCount } }`},
		{"CountConversations", `{ inboxCounts(views: [{}]) { count } }`},
		{"ListMessages", `query($id: ID!) { conversation(id: $id) { messages { nodes { id } } } }`},
		{"ListHistory", `query($id: ID!) { conversation(id: $id) { history { nodes { id } } } }`},
		{"Contacts", `query($id: ID!) { conversation(id: $id) { contact { email } } }`},
		{"Loads", `{ members(first: 1) { nodes { openConversations } } }`},
		{"QueuePosition", `query($id: ID!) { conversation(id: $id) { queuePosition } }`},
	}
}

func (w *space) waitingChat() inbox.Conversation {
	w.t.Helper()
	c := w.owned("agent1")
	out, err := w.service.Desk.Leave(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
	require.NoError(w.t, err)
	return out.Conversation
}

// What nobody typed is shown as INTERNAL with an id, and the cause is in the
// log under that id and nowhere else.
func TestFaultsAreMasked(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, cause := range []error{errors.New("the disk smells of kerosene"), errPanic} {
			for _, f := range dependents() {
				t.Run(fmt.Sprint(f.method, " ", f.query, " ", cause), func(t *testing.T) {
					w := s.newSpace(t, "enterprise", nil)
					c := w.waitingChat()
					s.watched.fail(t, f.method, cause)
					a := w.as("owner").do(f.query, f.vars(w, c))
					require.Len(t, a.Errors, 1, a.text)
					require.Equal(t, "INTERNAL", a.code())
					require.NotContains(t, a.text, "kerosene")
					id, _ := a.Errors[0].Extensions["id"].(string)
					require.NotEmpty(t, id)
					require.Contains(t, a.Errors[0].Message, id)
					require.NotEmpty(t, a.Errors[0].Path)
					logged := s.log.entries(t, id)
					require.Len(t, logged, 1)
					require.Contains(t, logged[0]["error"], "kerosene")
				})
			}
		}
	})
}

// A fault that passes is shown as such, without its cause.
func TestUnavailableIsShown(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		away := fmt.Errorf("dial kerosene: %w", &inbox.Error{Code: inbox.Unavailable, Message: "The database is away. Try again."})
		for _, f := range dependents() {
			t.Run(f.method+" "+f.query, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil)
				c := w.waitingChat()
				s.watched.fail(t, f.method, away)
				a := w.as("owner").do(f.query, f.vars(w, c))
				require.Len(t, a.Errors, 1, a.text)
				require.Equal(t, "UNAVAILABLE", a.code())
				require.Equal(t, "The database is away. Try again.", a.Errors[0].Message)
				require.NotContains(t, a.text, "kerosene")
			})
		}
	})
}

// A guard that never holds is not tried for ever.
func TestEndlessRacesAreUnavailable(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.chat()
	s.watched.fail(t, "Commit", commit.ErrStale)
	calls := s.watched.during(func() {
		a := w.as("agent1").do(`mutation($id: ID!) { claimConversation(input: {conversationId: $id}) { userErrors { code } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		require.Equal(t, "UNAVAILABLE", a.code(), a.text)
	})
	require.Less(t, calls["Commit"], 20)
}

// Faults of a subscription that cannot begin are masked too, and it ends.
func TestFaultsOfSubscriptionsAreMasked(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.chat()
	s.watched.fail(t, "Conversation", errors.New("the disk smells of kerosene"))
	st := w.as("owner").connect().subscribe(`subscription($id: ID!) { conversationUpdates(id: $id) { cursor } }`, vars{"id": resolvers.ConversationID(c.ID)})
	m := st.message()
	require.Equal(t, "error", m.Type)
	require.NotContains(t, string(m.Payload), "kerosene")
	shown := parse(t, 0, []byte(`{"errors":`+string(m.Payload)+`}`))
	require.Equal(t, "INTERNAL", shown.code())
	id, _ := shown.Errors[0].Extensions["id"].(string)
	require.Len(t, s.log.entries(t, id), 1)
	require.Eventually(t, func() bool { return s.hub.Subscriptions() == 0 }, patience, tick, "the subscription was left behind")
}
