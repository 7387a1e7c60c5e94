package resolvers_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// sayings write a text by one argument, on a chat that prepare has made ready.
func sayings() map[string]handout {
	return map[string]handout{
		"sendMessage.input.body":    {input: spoken("body")},
		"reopenAndReply.input.body": {prepare: closeChat, input: spoken("body")},
		"startNewConversation.input.body": {prepare: closeChat, input: func(_ *space, c inbox.Conversation) object {
			return object{"conversationId": resolvers.ConversationID(c.ID), "body": saying}
		}},
		"takeOverConversation.input.message": {prepare: func(w *space, c inbox.Conversation) { w.claim(c, "senior") }, input: func(_ *space, c inbox.Conversation) object {
			return object{"conversationId": resolvers.ConversationID(c.ID), "message": saying}
		}},
		"startLivechat.input.message": {input: func(*space, inbox.Conversation) object {
			return object{"contact": object{"name": "Vera"}, "message": saying}
		}},
		"postMessage.input.body": {input: func(_ *space, c inbox.Conversation) object { return asContact(c, saying, "") }},
	}
}

const saying = "Whose words are these?"

// spoken is a message with the epoch that an AI agent must name.
func spoken(field string) func(*space, inbox.Conversation) object {
	return func(w *space, c inbox.Conversation) object {
		return object{"conversationId": resolvers.ConversationID(c.ID), field: saying, "epoch": w.stored(c.ID).Epoch}
	}
}

// Whoever writes, the message that is stored is the caller's own. Only an API key
// that feeds a conversation writes in the name of its contact, by the mutations that
// are for that. B:N2
func TestWalkNobodyWritesInAnothersName(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	rows := sayings()
	for _, a := range arguments(schema) {
		if last := a.path[len(a.path)-1]; a.root == schema.Mutation && (last == "body" || last == "message") {
			require.Contains(t, rows, strings.TrimPrefix(a.String(), "Mutation."), "%s writes a text: add a row to sayings", a)
		}
	}
	onEngines(t, func(t *testing.T, s *server) {
		for name, row := range rows {
			t.Run(name, func(t *testing.T) {
				written := row.speak(t, s.newSpace(t, "enterprise", nil), schema, name)
				require.NotEmpty(t, written, "nobody could write, so nothing was tried")
			})
		}
	})
}

// speak lets every kind of caller write and gives those who could.
func (row handout) speak(t *testing.T, w *space, schema *ast.Schema, name string) (written []string) {
	mutated, _, _ := strings.Cut(name, ".")
	for who := range principals(w, w.chat()) {
		c := w.chat()
		if row.prepare != nil {
			row.prepare(w, c)
		}
		callers := principals(w, c)
		got := callers[who].do(mutation(schema, mutated), vars{"input": row.input(w, c)})
		payload, _ := got.Data["payload"].(object)
		done, _ := payload["conversation"].(object)
		if done == nil {
			continue
		}
		written = append(written, who)
		id, err := resolvers.ParseConversationID(fmt.Sprint(done["id"]))
		require.NoError(t, err)
		author := w.authorOf(id, saying)
		if author.Kind == workspace.ActorContact && who != "contact" {
			require.Contains(t, []string{"postMessage", "startLivechat"}, mutated, who)
			require.Contains(t, []string{"website", "feeding partner"}, who)
			continue
		}
		require.Equal(t, callers[who].self(), author.ID, "%s by %s", name, who)
	}
	return written
}

// authorOf is who wrote a text into a conversation.
func (w *space) authorOf(id inbox.ConversationID, body string) workspace.Actor {
	w.t.Helper()
	page, err := w.store.ListMessages(w.t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: id, Page: inbox.PageRequest{Limit: 50}})
	require.NoError(w.t, err)
	for _, m := range page.Items {
		if m.Body == body {
			return m.Author
		}
	}
	w.t.Fatalf("nothing says %q", body)
	return workspace.Actor{}
}

// self is the id of whoever has the client's token.
func (c *client) self() string {
	c.t.Helper()
	p, err := c.who.Authenticate(c.t.Context(), c.token)
	require.NoError(c.t, err)
	return p.Actor.ID
}

// A chat that a member starts is the member's own, words and all, and the visitor
// reads a member in it. B:N2
func TestAChatBegunByAMember(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		started := w.as("agent1").do(`mutation { startLivechat(input: {contact: {name: "Vera"}, message: "How was it?"}) { contactToken conversation { id handler assignee { id } lastMessage { author { __typename } } } userErrors { code } } }`, nil)
		requireMatch(t, object{"contactToken": nil, "conversation": object{
			"handler": "HUMAN", "assignee": object{"id": w.global("member agent1")}, "lastMessage": object{"author": object{"__typename": "Member"}},
		}}, started.at("startLivechat"), "payload")
		refused := w.as("observer").do(`mutation { startLivechat(input: {contact: {name: "Vera"}}) { userErrors { code } } }`, nil)
		require.Equal(t, []string{"PERMISSION_DENIED"}, column(t, refused.at("startLivechat.userErrors"), "code"))
	})
}

const continueChat = `mutation($id: ID!, $body: String!) { startNewConversation(input: {conversationId: $id, body: $body}) {
	contactToken message { id body } conversation { id previous { id } } userErrors { code } } }`

const continueAsContact = `mutation($id: ID!, $body: String!) { startNewConversation(input: {conversationId: $id, body: $body}) {
	contactToken message { id body } conversation { id } userErrors { code } } }`

// However many are started at once, a closed chat has one successor, and every
// message is in it; when that one is closed its own successor counts. B:C4
func TestAClosedChatHasOneSuccessor(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		c := w.chat()
		closeChat(w, c)
		id := resolvers.ConversationID(c.ID)
		next := make([]any, 24)
		var all sync.WaitGroup
		for i := range next {
			on := []*space{w, w.on(two)}[i%2]
			all.Go(func() {
				for {
					got := on.contact(c).do(continueAsContact, vars{"id": id, "body": fmt.Sprint("message ", i)})
					if got.code() == "UNAVAILABLE" { // it lost every race
						continue
					}
					next[i] = got.at("startNewConversation.conversation.id")
					return
				}
			})
		}
		all.Wait()
		for _, got := range next {
			require.NotNil(t, got)
			require.Equal(t, next[0], got)
		}
		nextID, err := resolvers.ParseConversationID(fmt.Sprint(next[0]))
		require.NoError(t, err)
		page, err := w.store.ListMessages(t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: nextID, Page: inbox.PageRequest{Limit: 50}})
		require.NoError(t, err)
		require.Len(t, page.Items, len(next), "nothing that was said is lost")

		closeChat(w, w.stored(nextID))
		third := w.contact(c).do(continueAsContact, vars{"id": id, "body": "Hello?"})
		require.NotContains(t, []any{id, next[0]}, third.at("startNewConversation.conversation.id"))
		again := w.contact(w.stored(nextID)).do(continueAsContact, vars{"id": next[0], "body": "Anybody?"})
		require.Equal(t, third.at("startNewConversation.conversation.id"), again.at("startNewConversation.conversation.id"))
		token, _ := again.at("startNewConversation.contactToken").(string)
		require.NotEmpty(t, token)

		seen := w.as("owner").do(`query($id: ID!) { conversation(id: $id) { previous { id previous { id previous { id } } } } }`, vars{"id": third.at("startNewConversation.conversation.id")})
		requireMatch(t, object{"id": next[0], "previous": object{"id": id, "previous": nil}}, seen.at("conversation.previous"), "previous")
	})
}

// Who may not see the conversation before is not shown it, and a revocation is not
// passed by way of an older conversation. B:C4, B:Z4
func TestWhatAContinuedChatGivesAway(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.claim(w.chat(), "sales1")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("sales1"), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(t, err)
		anew := w.as("owner").do(continueChat, vars{"id": resolvers.ConversationID(c.ID), "body": "Hello"})
		next := anew.at("startNewConversation.conversation.id")
		require.Nil(t, anew.at("startNewConversation.contactToken"))
		require.Equal(t, resolvers.ConversationID(c.ID), anew.at("startNewConversation.conversation.previous.id"))

		hidden := w.ticket("team sales")
		closeChat(w, hidden)
		mine := w.as("owner").do(continueChat, vars{"id": resolvers.ConversationID(hidden.ID), "body": "Hello"}).at("startNewConversation.conversation.id")
		shown := w.as("agent1").do(`query($id: ID!) { conversation(id: $id) { id previous { id } } }`, vars{"id": mine})
		requireMatch(t, object{"id": mine, "previous": nil}, shown.at("conversation"), "conversation")

		require.Empty(t, w.as("owner").do(revoke, vars{"id": next}).at("revokeContactTokens.userErrors"))
		blocked := w.contact(c).do(continueAsContact, vars{"id": resolvers.ConversationID(c.ID), "body": "By the old token"})
		require.Equal(t, "UNAUTHENTICATED", blocked.code(), blocked.text)
	})
}
