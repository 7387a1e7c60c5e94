package resolvers_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

const postMessage = `mutation($input: PostMessageInput!) { postMessage(input: $input) {
	message { id body internal author { __typename ... on Contact { contact: name } ... on AIAgent { name } } }
	conversation { id epoch handler }
	userErrors { code field ... on StaleEpochError { epoch } ... on ConversationClosedError { allowed } ... on PermissionDeniedError { permission } } } }`

const feedChat = `mutation($input: StartLivechatInput!) { startLivechat(input: $input) { contactToken conversation { id epoch handler } userErrors { code } } }`

func asContact(c inbox.Conversation, body, externalID string) object {
	return object{"conversationId": resolvers.ConversationID(c.ID), "author": object{"contact": true}, "body": body, "externalId": externalID}
}

func (w *space) asAgent(c inbox.Conversation, body string, epoch int) object {
	return object{"conversationId": resolvers.ConversationID(c.ID), "author": object{"aiAgentId": w.global("agent ai")}, "body": body, "epoch": epoch}
}

// What a contact said elsewhere is told to whoever owns the conversation, as
// the contact's. B:S2
func TestPostedMessagesAreTheContacts(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.owned("agent1")
		st := w.as("agent1").followConversation(c.ID)
		sent := w.as("website").do(postMessage, vars{"input": asContact(c, "Where is my parcel?", "msg-1")})
		requireMatch(t, object{"body": "Where is my parcel?", "internal": false, "author": object{"__typename": "Contact", "contact": "Vera Visitor"}}, sent.at("postMessage.message"), "message")
		requireMatch(t, object{"message": object{"id": dig(t, sent.Data, "postMessage.message.id"), "author": object{"__typename": "Contact"}}}, st.item(), "item")
		again := w.as("website").do(postMessage, vars{"input": asContact(c, "Something else entirely", "msg-1")})
		require.Equal(t, sent.text, again.text, "the same id answers with what exists")
		_, err := w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: "On its way"})
		require.NoError(t, err)
		require.Equal(t, "On its way", dig(t, st.item(), "message.body"), "the repeat told nobody")
	})
}

// The same id from everywhere at once writes one message, and everybody gets
// it; so does the same chat.
func TestTheSameExternalIDAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		website := w.as("website")
		at := func(ask func(i int) answer, path string) []any {
			out := make([]any, 16)
			var all sync.WaitGroup
			for i := range out {
				all.Go(func() { out[i] = dig(t, ask(i).Data, path) })
			}
			all.Wait()
			return out
		}
		requireSame := func(got []any) {
			t.Helper()
			for _, one := range got {
				require.NotEmpty(t, one)
				require.Equal(t, got[0], one)
			}
		}
		started := at(func(int) answer {
			return website.do(feedChat, vars{"input": object{"contact": object{"externalId": "visitor-9", "name": "Nia"}, "externalId": "chat-9", "aiAgentId": w.global("agent ai"), "message": "Hello"}})
		}, "startLivechat.conversation.id")
		requireSame(started)
		posted := at(func(i int) answer {
			return website.do(postMessage, vars{"input": object{"conversationExternalId": "chat-9", "author": object{"contact": true}, "body": fmt.Sprint("message ", i), "externalId": "m1"}})
		}, "postMessage.message.id")
		requireSame(posted)
		c, err := s.store.ConversationByExternalID(t.Context(), w.id, "chat-9")
		require.NoError(t, err)
		page, err := s.store.ListMessages(t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: c.ID, Page: inbox.PageRequest{Limit: 10}})
		require.NoError(t, err)
		require.Len(t, page.Items, 2, "the greeting and one message")
	})
}

// An AI agent that runs elsewhere answers in its epoch, and not after a person
// took the chat. B:H3
func TestPostedAnswersNeedTheEpoch(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.chat()
		website := w.as("website")
		first := website.do(postMessage, vars{"input": w.asAgent(c, "How can I help?", c.Epoch)})
		requireMatch(t, object{"author": object{"__typename": "AIAgent", "name": "Ada ai"}}, first.at("postMessage.message"), "message")
		code := func(input object) any {
			a := website.do(postMessage, vars{"input": input})
			refusals, _ := a.at("postMessage.userErrors").([]any)
			require.Len(t, refusals, 1, a.text)
			require.Nil(t, a.at("postMessage.message"))
			return refusals[0]
		}
		without := w.asAgent(c, "No epoch", 0)
		delete(without, "epoch")
		requireMatch(t, object{"code": "INVALID_INPUT", "field": []any{"epoch"}}, code(without), "refusal")
		taken := w.claim(c, "agent1")
		requireMatch(t, object{"code": "STALE_EPOCH", "epoch": number(taken.Epoch)}, code(w.asAgent(c, "Too late", c.Epoch)), "refusal")
		requireMatch(t, object{"code": "TAKEOVER_REQUIRED"}, code(w.asAgent(c, "Still here", taken.Epoch)), "refusal")
	})
}

func TestPostsThatAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, closed := w.owned("agent1"), w.owned("agent2")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent2"), desk.Request{Conversation: closed.ID}, inbox.Closed)
		require.NoError(t, err)
		with := func(change func(object)) object {
			input := asContact(c, "Hello", "m")
			change(input)
			return input
		}
		before := w.stored(c.ID)
		for name, row := range map[string]struct {
			as    string
			input object
			want  object
		}{
			"by a member":              {"owner", asContact(c, "Hello", "m"), object{"code": "PERMISSION_DENIED", "permission": "apikey"}},
			"by an AI agent":           {"ai", w.asAgent(c, "Hello", 1), object{"code": "PERMISSION_DENIED", "permission": "apikey"}},
			"by a key that names less": {"partner", asContact(c, "Hello", "m"), object{"code": "PERMISSION_DENIED", "permission": "reply:livechat:ALL"}},
			"of an AI agent on what a person closed and kept": {"website", w.asAgent(closed, "Hello", closed.Epoch), object{"code": "STALE_EPOCH"}},
			"nowhere":       {"website", with(func(o object) { delete(o, "conversationId") }), object{"code": "INVALID_INPUT", "field": []any{"conversationId"}}},
			"in two places": {"website", with(func(o object) { o["conversationExternalId"] = "x" }), object{"code": "INVALID_INPUT", "field": []any{"conversationId"}}},
			"to an unknown id": {"website", with(func(o object) { delete(o, "conversationId"); o["conversationExternalId"] = "none" }),
				object{"code": "NOT_FOUND"}},
			"by nobody": {"website", with(func(o object) { o["author"] = object{"contact": false} }), object{"code": "INVALID_INPUT", "field": []any{"author", "contact"}}},
			"by another AI agent": {"website", with(func(o object) { o["author"] = object{"aiAgentId": w.global("agent ai2")}; o["epoch"] = c.Epoch }),
				object{"code": "INVALID_INPUT", "field": []any{"author", "aiAgentId"}}},
		} {
			t.Run(name, func(t *testing.T) {
				a := w.in(t).as(row.as).do(postMessage, vars{"input": row.input})
				refusals, _ := a.at("postMessage.userErrors").([]any)
				require.Len(t, refusals, 1, a.text)
				requireMatch(t, row.want, refusals[0], "refusal")
			})
		}
		require.Equal(t, before, w.stored(c.ID))
	})
}

// A message is found by its id whatever became of its conversation meanwhile.
func TestRepeatedPostsAnswerAfterTheEnd(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.owned("agent1")
		first := w.as("website").do(postMessage, vars{"input": asContact(c, "Hello", "m1")}).at("postMessage.message.id")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(t, err)
		require.Equal(t, first, w.as("website").do(postMessage, vars{"input": asContact(c, "Hello", "m1")}).at("postMessage.message.id"))
	})
}

// A visitor is let in by the website's key, and comes back with another token.
func TestContactTokensForVisitors(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		website := w.as("website")
		started := website.do(feedChat, vars{"input": object{"contact": object{"externalId": "v", "name": "Vera"}, "externalId": "chat-1", "message": "Hello"}})
		id := started.at("startLivechat.conversation.id")
		require.Equal(t, id, website.do(`{ conversationByExternalId(externalId: "chat-1") { id } }`, nil).at("conversationByExternalId.id"))
		made := website.do(`mutation { createContactToken(input: {conversationExternalId: "chat-1"}) { contactToken userErrors { code } } }`, nil)
		token, _ := made.at("createContactToken.contactToken").(string)
		visitor := &client{t: t, server: s, token: token, space: w}
		read := `query($id: ID!) { conversation(id: $id) { messages { nodes { body } } } }`
		require.Equal(t, []string{"Hello"}, column(t, visitor.do(read, vars{"id": id}).at("conversation.messages.nodes"), "body"))
		other := w.chat()
		require.Equal(t, "NOT_FOUND", visitor.do(read, vars{"id": resolvers.ConversationID(other.ID)}).code())
		for _, who := range []string{"owner", "ai", "observer"} {
			a := w.as(who).do(`mutation($id: ID!) { createContactToken(input: {conversationId: $id}) { contactToken userErrors { code } } }`, vars{"id": id})
			require.Contains(t, a.text, "PERMISSION_DENIED", who)
			require.Nil(t, a.at("createContactToken.contactToken"))
		}
	})
}

// Who may see a conversation finds it by its external id, and nobody else. B:Z7
func TestConversationsByExternalID(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, foreign := s.newSpace(t, "free", nil), s.newSpace(t, "free", nil)
		out, err := w.service.Intake.CreateTicket(t.Context(), w.principal("website"), desk.NewConversation{Subject: "A parcel", ExternalID: "t-1", To: access.Owner{Team: w.team("sales")}})
		require.NoError(t, err)
		find := `query($id: String!) { conversationByExternalId(externalId: $id) { id } }`
		for who, want := range map[string]string{"website": "", "owner": "", "sales1": "", "agent1": "PERMISSION_DENIED", "ai": "PERMISSION_DENIED"} {
			a := w.as(who).do(find, vars{"id": "t-1"})
			require.Equal(t, want, a.code(), "%s: %s", who, a.text)
			if want == "" {
				require.Equal(t, resolvers.ConversationID(out.Conversation.ID), a.at("conversationByExternalId.id"))
			}
		}
		require.Equal(t, "NOT_FOUND", foreign.as("website").do(find, vars{"id": "t-1"}).code())
		require.Equal(t, "NOT_FOUND", w.as("website").do(find, vars{"id": "none"}).code())
		require.Equal(t, "INVALID_INPUT", w.as("website").do(find, vars{"id": ""}).code())
	})
}
