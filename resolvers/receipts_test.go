package resolvers_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

const (
	markDelivered = `mutation($id: ID!) { payload: markDelivered(input: {messageId: $id}) { deliveredAt readAt userErrors { code } } }`
	markSeen      = `mutation($id: ID!) { payload: markRead(input: {messageId: $id}) { deliveredAt readAt userErrors { code } } }`
	ticks         = `query($id: ID!) { conversation(id: $id) { lastMessage { body deliveredAt readAt } messages(last: 20) { nodes { id body deliveredAt readAt } } } }`
	followTicks   = `subscription($id: ID!) { conversationUpdates(id: $id) { receipt { messageId sequence deliveredAt readAt } message { body } } }`
)

// answers writes a message of agent1, who owns c, and returns its global id.
func (w *space) answers(c inbox.Conversation, body string, internal bool) string {
	w.t.Helper()
	sent, err := w.service.Messages.Send(w.t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: body, Internal: internal})
	require.NoError(w.t, err)
	return resolvers.GlobalID("Message", sent.Message.ID)
}

// What comes to the contact is shown on each message to the contact up to the one that is
// named, once and for all, and told to who follows the conversation, but not to the
// contact; a list is told only of what it shows, the last message.
func TestReceiptsAreShownAndTold(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.owned("agent1")
		one, note, two, three := w.answers(c, "one", false), w.answers(c, "note", true), w.answers(c, "two", false), w.answers(c, "three", false)
		given := vars{"id": resolvers.ConversationID(c.ID)}
		st := w.as("agent1").follow(followTicks, given)
		inView := w.as("owner").follow(`subscription { inboxChanges(view: {list: ALL}) { change conversation { lastMessage { body deliveredAt } } } }`, nil)
		contact := w.contact(c).follow(followPlace, given)
		shown := func() map[string][2]bool {
			out := map[string][2]bool{}
			for _, m := range w.as("agent1").do(ticks, given).at("conversation.messages.nodes").([]any) {
				body, _ := dig(t, m, "body").(string)
				out[body] = [2]bool{dig(t, m, "deliveredAt") != nil, dig(t, m, "readAt") != nil}
			}
			return out
		}
		website := w.as("website")
		first := website.do(markDelivered, vars{"id": two})
		require.NotNil(t, first.at("payload.deliveredAt"), first.text)
		require.Nil(t, first.at("payload.readAt"))
		require.Subset(t, shown(), map[string][2]bool{"one": {true, false}, "two": {true, false}, "three": {}, "note": {}})
		told := st.item()
		requireMatch(t, object{"receipt": object{"messageId": two, "readAt": nil}, "message": nil}, told, "told")
		require.NotNil(t, dig(t, told, "receipt.deliveredAt"))

		require.Equal(t, first.text, website.do(markDelivered, vars{"id": two}).text, "a repeat")
		require.Equal(t, first.at("payload.deliveredAt"), website.do(markDelivered, vars{"id": one}).at("payload.deliveredAt"), "a lower one")
		read := w.contact(c).do(markSeen, vars{"id": three})
		require.NotNil(t, read.at("payload.readAt"), read.text)
		require.Subset(t, shown(), map[string][2]bool{"one": {true, true}, "two": {true, true}, "three": {true, true}, "note": {}})
		told = st.item()
		require.Equal(t, three, dig(t, told, "receipt.messageId"), "the repeats told nobody")
		require.NotNil(t, dig(t, told, "receipt.readAt"))
		require.NotNil(t, w.as("agent1").do(ticks, given).at("conversation.lastMessage.readAt"))
		seen := inView.item()
		requireMatch(t, object{"change": "UPDATED", "conversation": object{"lastMessage": object{"body": "three"}}}, seen, "list")
		require.NotNil(t, dig(t, seen, "conversation.lastMessage.deliveredAt"), "the first report, of older messages, told no list")
		require.NotNil(t, note)

		w.answers(c, "four", false)
		require.Equal(t, "four", dig(t, st.item(), "message.body"))
		require.NotNil(t, contact.item(), "which is the first that the contact is told of")
		require.Nil(t, w.as("agent1").do(ticks, given).at("conversation.lastMessage.deliveredAt"))
	})
}

// Only the contact of the conversation and keys that feed it report, of what the contact
// can see. Others learn nothing, and nothing changes.
func TestWhoReportsWhatCame(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		said, note := w.answers(c, "said", false), w.answers(c, "note", true)
		far := s.newSpace(t, "enterprise", nil)
		callers := principals(w, c)
		callers["website of another"] = far.as("website")
		for who, caller := range callers {
			want := "PERMISSION_DENIED"
			switch who {
			case "contact", "website", "feeding partner":
				want = ""
			case "contact of another", "website of another":
				want = "NOT_FOUND"
			}
			for _, query := range []string{markDelivered, markSeen} {
				got := caller.do(query, vars{"id": note})
				code, _ := got.verdict()
				switch {
				case who == "feeding partner":
					require.Equal(t, "INVALID_INPUT", code, "%s: it sees notes", got.text)
				case want == "":
					require.Equal(t, "NOT_FOUND", code, "%s: %s", who, got.text)
				default:
					require.Equal(t, want, code, "%s: %s", who, got.text)
				}
			}
			got := caller.do(markSeen, vars{"id": said})
			code, _ := got.verdict()
			require.Equal(t, want, code, "%s: %s", who, got.text)
			missing := caller.do(markSeen, vars{"id": resolvers.GlobalID("Message", "nothing")})
			if want == "NOT_FOUND" {
				require.Equal(t, missing.text, got.text, "%s cannot tell that it exists", who)
			}
		}
	})
}

// Reports of many at once, while somebody writes, leave one time each, and lose nothing.
func TestReportsAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.owned("agent1")
		var ids []string
		for range 6 {
			ids = append(ids, w.answers(c, "said", false))
		}
		var all sync.WaitGroup
		codes := make([]string, 12)
		for i := range codes {
			all.Go(func() {
				query := markDelivered
				if i%2 == 0 {
					query = markSeen
				}
				codes[i], _ = w.as("website").do(query, vars{"id": ids[i/2]}).verdict()
			})
		}
		all.Wait()
		for i, code := range codes {
			if code == "UNAVAILABLE" { // lost too many races: it says to try again
				w.as("website").do(markSeen, vars{"id": ids[i/2]}).ok()
			}
		}
		got := w.as("agent1").do(ticks, vars{"id": resolvers.ConversationID(c.ID)})
		for _, m := range got.at("conversation.messages.nodes").([]any) {
			if dig(t, m, "body") == "said" {
				require.NotNil(t, dig(t, m, "readAt"))
				require.NotNil(t, dig(t, m, "deliveredAt"))
			}
		}
	})
}

// A receipt is about messages to the contact: one about the contact's own message says as
// much as one about the last message to the contact before it, and nothing if that came
// already.
func TestTheContactsOwnMessagesAreDeliveredToNobody(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.owned("agent1")
		given := vars{"id": resolvers.ConversationID(c.ID)}
		writes := func() string {
			sent, err := w.service.Messages.Send(t.Context(), contactOf(c), desk.SendRequest{Conversation: c.ID, Body: "mine"})
			require.NoError(t, err)
			return resolvers.GlobalID("Message", sent.Message.ID)
		}
		told := w.as("agent1").follow(followTicks, given)
		nothing := func(query, id, why string) {
			before := w.stored(c.ID).Revision
			got := w.as("website").do(query, vars{"id": id})
			require.Equal(t, object{"deliveredAt": nil, "readAt": nil, "userErrors": []any{}}, got.at("payload"), why)
			require.Equal(t, before, w.stored(c.ID).Revision, why)
		}
		said := w.answers(c, "said", false)
		require.Equal(t, "said", dig(t, told.item(), "message.body"))
		w.as("website").do(markSeen, vars{"id": said}).ok()
		require.Equal(t, said, dig(t, told.item(), "receipt.messageId"))
		var own string
		for range 101 { // more than are looked at in one go
			own = writes()
			require.Equal(t, "mine", dig(t, told.item(), "message.body"))
		}
		w.answers(c, "note", true)
		require.Equal(t, "note", dig(t, told.item(), "message.body"))
		nothing(markDelivered, own, "nothing since")
		nothing(markSeen, own, "nothing since")
		again := writes()
		require.Equal(t, "mine", dig(t, told.item(), "message.body"))
		nothing(markDelivered, again, "a note since")

		more := w.answers(c, "more", false)
		require.Equal(t, "more", dig(t, told.item(), "message.body"), "and no receipt before it")
		for range 101 {
			own = writes()
			require.Equal(t, "mine", dig(t, told.item(), "message.body"))
		}
		require.Nil(t, w.as("website").do(markDelivered, vars{"id": own}).at("payload.deliveredAt"))
		item := told.item()
		require.Equal(t, more, dig(t, item, "receipt.messageId"), "the one that it delivers")
		require.NotNil(t, dig(t, item, "receipt.deliveredAt"))
		require.Nil(t, dig(t, item, "receipt.readAt"))
		w.as("website").do(markSeen, vars{"id": own}).ok()
		item = told.item()
		require.Equal(t, more, dig(t, item, "receipt.messageId"))
		require.NotNil(t, dig(t, item, "receipt.readAt"))
		nothing(markSeen, own, "a repeat")
	})
}
