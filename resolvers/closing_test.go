package resolvers_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const setStatus = `mutation($in: SetStatusInput!) { payload: setConversationStatus(input: $in) { conversation { status handler } userErrors { code message } } }`

const sendIt = `mutation($in: SendMessageInput!) { payload: sendMessage(input: $in) { message { body } contactToken conversation { id status handler epoch } userErrors { code message } } }`

// A closed chat is its AI agent's again, in more than name: the agent may write, and
// answers what the contact writes next. B:C1, B:C4
func TestAClosedChatIsTheAgentsAgain(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		w.as("agent1").do(setStatus, vars{"in": object{"conversationId": id, "status": "CLOSED", "reason": "SOLVED", "note": "Refunded"}}).ok()
		epoch := w.stored(c.ID).Epoch
		rated := w.as("ai").do(sendIt, vars{"in": object{"conversationId": id, "body": "How was it?", "epoch": epoch}})
		require.Equal(t, "CLOSED", rated.at("payload.conversation.status"), rated.text)
		again := w.contact(c).do(`mutation($in: SendMessageInput!) { payload: sendMessage(input: $in) { conversation { status handler } userErrors { code } } }`, vars{"in": object{"conversationId": id, "body": "One more thing"}})
		requireMatch(t, object{"status": "OPEN", "handler": "AI"}, again.at("payload.conversation"), "reopened")
		answered := w.as("ai").do(sendIt, vars{"in": object{"conversationId": id, "body": "Go ahead", "epoch": epoch}})
		require.Equal(t, "Go ahead", answered.at("payload.message.body"), answered.text)

		history := w.as("manager").do(`query($id: ID!) { conversation(id: $id) { history(first: 2) { nodes { kind reason note } } messages(first: 20) { nodes { body internal } } } }`, vars{"id": id})
		requireMatch(t, []any{object{"kind": "REOPENED", "reason": nil, "note": nil}, object{"kind": "CLOSED", "reason": "SOLVED", "note": "Refunded"}}, history.at("conversation.history.nodes"), "history")
		require.Contains(t, history.text, `{"body":"Refunded","internal":true}`)
		seen := w.contact(c).do(`query($id: ID!) { conversation(id: $id) { messages(first: 20) { nodes { body } } } }`, vars{"id": id})
		require.NotContains(t, seen.text, "Refunded")
	})
}

// A contact and a key close, the owner is notified, and a note on what is closed
// changes nothing else. B:C1, B:C5
func TestContactsAndKeysClose(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for _, by := range []string{"contact", "website"} {
			c := w.owned("agent1")
			id := resolvers.ConversationID(c.ID)
			caller := w.contact(c)
			if by != "contact" {
				caller = w.as(by)
			}
			closed := caller.do(`mutation($in: SetStatusInput!) { payload: setConversationStatus(input: $in) { conversation { status } userErrors { code message } } }`, vars{"in": object{"conversationId": id, "status": "CLOSED"}})
			require.Equal(t, "CLOSED", closed.at("payload.conversation.status"), closed.text)
			told := w.as("agent1").do(`{ notifications(first: 1) { nodes { kind conversation { id } } } }`, nil)
			requireMatch(t, []any{object{"kind": "CLOSED_BY_OTHER", "conversation": object{"id": id}}}, told.at("notifications.nodes"), "told")
			before := w.stored(c.ID)
			noted := w.as("manager").do(`mutation($in: SendMessageInput!) { payload: sendMessage(input: $in) { message { internal } conversation { status } userErrors { code } } }`, vars{"in": object{"conversationId": id, "body": "Rude", "internal": true}})
			requireMatch(t, object{"message": object{"internal": true}, "conversation": object{"status": "CLOSED"}}, noted.at("payload"), "a note")
			after := w.stored(c.ID)
			require.Equal(t, before.Ownership, after.Ownership)
			require.Equal(t, before.Version, after.Version)
		}
	})
}

// B:C7, B:O8
func TestReturnToAgentByTheAPI(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		load := func() int {
			loads, err := s.store.Loads(t.Context(), w.id, []workspace.MemberID{w.member("agent1")})
			require.NoError(t, err)
			return loads[w.member("agent1")].Open()
		}
		owned := load()
		back := w.as("agent1").do(`mutation($id: ID!) { returnToAgent(input: {conversationId: $id, note: "Only wants the size"}) { conversation { handler assignee { name } status epoch viewerCan(actions: [RETURN_TO_AGENT]) { allowed reason } } event { kind note to { handler } } userErrors { code message } } }`, vars{"id": id})
		requireMatch(t, object{"handler": "AI", "assignee": nil, "status": "OPEN", "epoch": number(c.Epoch + 1), "viewerCan": []any{object{"allowed": false, "reason": "STATE"}}}, back.at("returnToAgent.conversation"), "returned")
		requireMatch(t, object{"kind": "RETURNED_TO_AI", "note": "Only wants the size", "to": object{"handler": "AI"}}, back.at("returnToAgent.event"), "event")
		require.Equal(t, owned-1, load(), "the slot is free")
		answered := w.as("ai").do(sendIt, vars{"in": object{"conversationId": id, "body": "It is 42", "epoch": c.Epoch + 1}})
		require.Equal(t, "It is 42", answered.at("payload.message.body"), answered.text)
	})
}

// After the window the contact's words begin a new conversation, for which the
// contact gets a token. B:C4
func TestTheWindowByTheAPI(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.as("owner").do(`mutation { updateWorkspaceRules(input: {reopenWindow: 3600}) { workspace { rules { reopenWindow onReopen stickyOwner contactMayClose closeIdleAfter } } userErrors { code } } }`, nil).ok()
		w.settle()
		old := newlyClosed(w, w.now().Add(-2*time.Hour))
		id := resolvers.ConversationID(old.ID)
		sent := w.contact(old).do(`mutation($in: SendMessageInput!) { payload: sendMessage(input: $in) { contactToken conversation { id status handler } userErrors { code } } }`, vars{"in": object{"conversationId": id, "body": "Me again", "idempotencyKey": "k"}})
		requireMatch(t, object{"status": "OPEN", "handler": "AI"}, sent.at("payload.conversation"), "the new one")
		next, _ := sent.at("payload.conversation.id").(string)
		require.NotEqual(t, id, next)
		token, _ := sent.at("payload.contactToken").(string)
		mine := &client{t: t, server: s, token: token, space: w}
		read := mine.do(`query($id: ID!) { conversation(id: $id) { messages(first: 5) { nodes { body } } } }`, vars{"id": next})
		require.Contains(t, read.text, "Me again")
		require.Equal(t, id, w.as("owner").do(`query($id: ID!) { conversation(id: $id) { previous { id } } }`, vars{"id": next}).at("conversation.previous.id"))
		repeat := w.contact(old).do(`mutation($in: SendMessageInput!) { payload: sendMessage(input: $in) { contactToken conversation { id } userErrors { code } } }`, vars{"in": object{"conversationId": id, "body": "Me again", "idempotencyKey": "k"}})
		require.Equal(t, next, repeat.at("payload.conversation.id"))
		require.NotNil(t, repeat.at("payload.contactToken"))
		posted := w.as("website").do(postMessage, vars{"input": asContact(old, "By the website", "m1")})
		require.Equal(t, next, posted.at("postMessage.conversation.id"), posted.text)
	})
}

// newlyClosed stores a chat of the AI agent that was closed at a time.
func newlyClosed(w *space, at time.Time) inbox.Conversation {
	c := w.stored(w.chat().ID)
	c.Status, c.Changed.At, c.LastActivityAt = inbox.Closed, at, at
	return w.copyOf(c)
}

// The system closes what nothing happened in, each chat once, however many servers
// look. B:C6
func TestIdleChatsAreClosedOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.CloseIdleAfter = time.Hour })
		var idle []inbox.Conversation
		for _, c := range []inbox.Conversation{w.chat(), w.owned("agent1"), w.waitingChat(), w.ticket("agent1")} {
			c = w.stored(c.ID)
			c.LastActivityAt = w.now().Add(-2 * time.Hour)
			idle = append(idle, w.copyOf(c))
		}
		fresh := w.chat()
		var servers sync.WaitGroup
		for range 3 {
			servers.Go(func() {
				if err := s.service.Queues.CloseIdle(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		servers.Wait()
		for i, c := range idle {
			page, err := s.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 10})
			require.NoError(t, err)
			if c.Kind == workspace.Ticket {
				require.Len(t, page.Items, 1, "tickets stay")
				continue
			}
			require.Len(t, page.Items, 2, "chat %d", i)
			require.Equal(t, inbox.EventClosed, page.Items[0].Kind)
			require.Equal(t, inbox.ReasonIdle, page.Items[0].Reason)
			require.Equal(t, workspace.System(), page.Items[0].Actor)
		}
		require.Equal(t, inbox.Open, w.stored(fresh.ID).Status)
	})
}
