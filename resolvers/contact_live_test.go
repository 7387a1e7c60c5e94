package resolvers_test

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// line starts chats that wait in one queue, one after the other.
func (w *space) line(n int) []inbox.Conversation {
	w.t.Helper()
	var out []inbox.Conversation
	for range n {
		c := w.claim(w.chat(), "agent1")
		w.ahead.Add(int64(time.Second))
		done, err := w.service.Desk.Leave(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
		require.NoError(w.t, err)
		out = append(out, done.Conversation)
	}
	return out
}

const followPlace = `subscription($id: ID!) { conversationUpdates(id: $id) { message { body } conversation { queuePosition handler assignee { name } } } }`

// Who waits is told of each step forwards, and of nothing that happens behind or
// beside. B:Q7, B:V8
func TestContactsHearOfTheirPlace(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		// Nobody is online, so that nothing is given out by itself.
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
			for id, m := range d.Members {
				m.Availability = workspace.Offline
				d.Members[id] = m
			}
		})
		queue := w.line(5)
		mine := queue[2]
		visitor := w.contact(mine)
		require.Equal(t, number(3), visitor.do(`query($id: ID!) { conversation(id: $id) { queuePosition } }`, vars{"id": resolvers.ConversationID(mine.ID)}).at("conversation.queuePosition"))
		st := visitor.follow(followPlace, vars{"id": resolvers.ConversationID(mine.ID)})
		w.claim(queue[4], "agent2") // behind
		w.owned("agent2")           // beside
		w.claim(queue[0], "agent2") // before
		moved := st.item()
		require.Nil(t, moved["message"])
		require.Equal(t, number(2), dig(t, moved, "conversation.queuePosition"))
		w.claim(queue[1], "agent2")
		require.Equal(t, number(1), dig(t, st.item(), "conversation.queuePosition"))
		w.claim(mine, "senior")
		requireMatch(t, object{"queuePosition": nil, "handler": "HUMAN", "assignee": object{"name": "Samira Haddad"}}, st.item()["conversation"], "conversation")
	})
}

// A visitor comes back to a chat that was closed: it can be read and followed,
// and what is written opens it again. B:C4, B:V8
func TestContactsComeBackToWhatIsClosed(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(t, err)
		visitor, id := w.contact(c), resolvers.ConversationID(c.ID)
		require.Equal(t, "CLOSED", visitor.do(`query($id: ID!) { conversation(id: $id) { status } }`, vars{"id": id}).at("conversation.status"))
		st := visitor.follow(followPlace, vars{"id": id})
		send := func(how string) answer {
			return visitor.do(`mutation($id: ID!) { payload: `+how+`(input: {conversationId: $id, body: "Me again"}) { conversation { status } userErrors { code ... on ConversationClosedError { allowed } } } }`, vars{"id": id})
		}
		for _, how := range []string{"sendMessage", "reopenAndReply", "reopenAndReply"} { // the last finds it open
			require.Equal(t, "OPEN", send(how).at("payload.conversation.status"))
			require.Equal(t, "Me again", dig(t, st.item(), "message.body"))
		}
	})
}

// A token that has ended lets nobody in, and says so.
func TestContactTokensEnd(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		secret, err := s.store.Secret(t.Context())
		require.NoError(t, err)
		until := func(end time.Time) answer {
			token := w.forged(jwt.SigningMethodHS256, secret, func(claims jwt.MapClaims) {
				claims["kind"], claims["sub"], claims["conversation"], claims["exp"] = "contact", string(c.Contact), string(c.ID), end.Unix()
			})
			return (&client{t: t, server: s, token: token}).do(`{ viewer { contact { name } } }`, nil)
		}
		require.Equal(t, "Vera Visitor", until(time.Now().Add(time.Hour)).at("viewer.contact.name"))
		over := until(time.Now().Add(-time.Hour))
		require.Equal(t, "UNAUTHENTICATED", over.code(), over.text)
		require.Contains(t, over.text, "expired")
	})
}
