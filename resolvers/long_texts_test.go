package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/retention"
	"switchboard/resolvers"
)

// A body is whole wherever a message is shown: stores keep only its beginning with the
// conversation. The preview is its beginning.
func TestABodyIsAlwaysWhole(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		text := strings.Repeat("Where is my order? ", 500)
		shown := object{"body": text, "preview": inbox.Preview(text)}
		c, other := w.owned("agent1"), w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		st := w.as("agent1").follow(`subscription($id: ID!) { conversationUpdates(id: $id) { message { body preview } conversation { lastMessage { body preview } } } }`, vars{"id": id})
		for _, each := range []inbox.ConversationID{c.ID, other.ID} {
			sent := w.as("agent1").do(`mutation($in: SendMessageInput!) { payload: sendMessage(input: $in) { message { body preview } conversation { lastMessage { body preview } } userErrors { code message } } }`,
				vars{"in": object{"conversationId": resolvers.ConversationID(each), "body": text, "idempotencyKey": string(each)}})
			requireMatch(t, shown, sent.at("payload.message"), sent.text)
			requireMatch(t, shown, sent.at("payload.conversation.lastMessage"), sent.text)
		}
		requireMatch(t, object{"message": shown, "conversation": object{"lastMessage": shown}}, st.item(), "live message")

		list := w.as("agent1").do(`{ conversations(first: 2) { nodes { lastMessage { body preview } } } }`, nil)
		requireMatch(t, []any{object{"lastMessage": shown}, object{"lastMessage": shown}}, list.at("conversations.nodes"), "list")
		page := w.as("agent1").do(`query($id: ID!) { conversation(id: $id) { lastMessage { body preview } messages(last: 1) { nodes { body preview } } } }`, vars{"id": id})
		requireMatch(t, object{"lastMessage": shown, "messages": object{"nodes": []any{shown}}}, page.at("conversation"), "page")

		_, err := w.service.Desk.Transfer(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, access.Owner{Member: w.member("agent2")}, "")
		require.NoError(t, err)
		requireMatch(t, object{"conversation": object{"lastMessage": shown}}, st.item(), "live change after it")
	})
}

// What the operator's limits removed is not missing in silence: the history begins above
// version 1, and there are fewer messages than were written. Numbers go on.
func TestWhatIsKeptNoLonger(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		w.as("agent1").do(sendIt, vars{"in": object{"conversationId": id, "body": "one"}}).ok()
		w.as("agent1").do(sendIt, vars{"in": object{"conversationId": id, "body": "two", "internal": true}}).ok()
		w.as("agent1").do(setStatus, vars{"in": object{"conversationId": id, "status": "CLOSED"}}).ok()
		before := w.stored(c.ID)
		version := before.Version
		for _, part := range []retention.Part{retention.Events, retention.Messages, retention.Keys} {
			require.NoError(t, s.store.Forget(t.Context(), retention.Forgetting{Workspace: c.Workspace, Conversation: c.ID, Part: part, QuietSince: time.Now().Add(time.Hour)}))
		}
		const page = `query($id: ID!) { conversation(id: $id) { lastMessage { id } history(first: 9) { nodes { version } } messages(first: 9) { written nodes { sequence } } } }`
		left := object{"lastMessage": nil, "history": object{"nodes": []any{object{"version": number(version)}}}, "messages": object{"written": number(before.MessageCount), "nodes": []any{}}}
		requireMatch(t, left, w.as("manager").do(page, vars{"id": id}).at("conversation"), "left")
		seen := w.contact(c).do(`query($id: ID!) { conversation(id: $id) { messages(first: 9) { written nodes { sequence } } } }`, vars{"id": id})
		requireMatch(t, object{"messages": object{"written": number(before.PublicMessageCount), "nodes": []any{}}}, seen.at("conversation"), "for the contact")

		w.as("agent1").do(`mutation($in: SendMessageInput!) { payload: reopenAndReply(input: $in) { message { body } userErrors { code } } }`, vars{"in": object{"conversationId": id, "body": "three"}}).ok()
		again := w.as("manager").do(page, vars{"id": id})
		requireMatch(t, object{"history": object{"nodes": []any{object{"version": number(version + 1)}, object{"version": number(version)}}}}, again.at("conversation"), again.text)
		require.Contains(t, again.text, fmt.Sprintf(`"sequence":%d`, before.MessageCount+1))
	})
}
