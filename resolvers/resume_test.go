package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// An AI agent hands off, a person answers and closes, and the agent's own streams
// tell it that the chat is back, with the epoch by which its flow goes on. B:H1,
// B:C1, B:H3
func TestTheAgentGoesOnAfterTheHandOff(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		st := &stage{space: w, schema: schema}
		st.set("chat")
		agent := w.as("ai")
		id := resolvers.ConversationID(st.current.ID)
		events := agent.follow(`subscription { assignmentEvents { node { id kind epoch from { handler assignee { name } } to { handler status assignee { name } } conversation { id epoch handler } } } }`, nil)
		updates := agent.follow(`subscription($id: ID!) { conversationUpdates(id: $id) { accessLost event { id kind epoch } message { body } conversation { epoch handler status } } }`, vars{"id": id})
		other := w.as("ai2").follow(followEvents, nil)
		both := func(want object) {
			t.Helper()
			event, update := events.item(), updates.item()
			requireMatch(t, want, event, "assignmentEvents")
			require.Equal(t, id, dig(t, event, "node.conversation.id"))
			require.Equal(t, dig(t, event, "node.id"), dig(t, update, "event.id"))
			require.Equal(t, false, update["accessLost"])
		}
		answer := func(epoch any, code string) {
			t.Helper()
			a := agent.do(`mutation($in: SendMessageInput!) { sendMessage(input: $in) { message { body } userErrors { code } } }`,
				vars{"in": object{"conversationId": id, "body": "from the bot", "epoch": epoch}})
			if code == "" {
				require.Empty(t, a.at("sendMessage.userErrors"), a.text)
				return
			}
			require.Equal(t, []string{code}, column(t, a.at("sendMessage.userErrors"), "code"))
		}

		st.succeed(deed{As: "ai", Do: "requestHandoff", Input: object{"to": object{"memberId": "@member agent1"}}})
		both(object{"node": object{"kind": "HANDED_OFF", "from": object{"handler": "AI"}, "to": object{"handler": "HUMAN", "assignee": object{"name": "Anna Berg"}}}})
		answer(1, "STALE_EPOCH")
		st.succeed(deed{As: "agent1", Do: "sendMessage", Input: object{"body": "A person here"}})
		requireMatch(t, object{"message": object{"body": "A person here"}}, updates.item(), "what the person says")
		st.succeed(deed{As: "agent1", Do: "setConversationStatus", Input: object{"status": "CLOSED"}})
		both(object{"node": object{"kind": "CLOSED", "from": object{"handler": "HUMAN"}, "to": object{"handler": "AI", "status": "CLOSED", "assignee": nil}}})
		answer(1, "STALE_EPOCH")

		// The chat is the agent's again: it goes on in the new epoch, and in no other.
		late := st.do(deed{As: "ai", Do: "reopenAndReply", Input: object{"body": "late", "epoch": 1}})
		require.Equal(t, []string{"STALE_EPOCH"}, column(t, late["userErrors"], "code"))
		now := w.stored(st.current.ID).Epoch
		require.Equal(t, 3, now, "handed off and back")
		st.succeed(deed{As: "ai", Do: "reopenAndReply", Input: object{"body": "Back with me", "epoch": now}})
		requireMatch(t, object{"node": object{"kind": "REOPENED", "to": object{"handler": "AI", "status": "OPEN"}, "epoch": number(now)}}, events.item(), "reopened")
		requireMatch(t, object{"message": object{"body": "Back with me"}}, updates.item(), "the agent's own")
		answer(1, "STALE_EPOCH")
		answer(now, "")
		requireMatch(t, object{"message": object{"body": "from the bot"}}, updates.item(), "the agent's answer")

		theirs := w.start(newChatOf(w, "ai2"))
		require.Equal(t, resolvers.ConversationID(theirs.ID), dig(t, other.item(), "node.conversation.id"), "another agent is told of its own chats alone")
	})
}

func newChatOf(w *space, agent string) desk.NewConversation {
	return desk.NewConversation{Agent: w.agent(agent)}
}

// Who comes back to a server that has not heard yet of what the client was told
// on another one is told it once all the same: alone (an AI agent), and with
// others (a member). B:V3
func TestResumeOnAServerThatIsBehind(t *testing.T) {
	for _, who := range []string{"ai", "observer"} {
		t.Run(who, func(t *testing.T) {
			servers := newCluster(t, 2)
			w := servers[0].newSpace(t, "enterprise", nil)
			late := w.on(servers[1])
			late.settle()
			told := w.as(who).follow(followEvents, nil)
			servers[1].pumped.mu.Lock()
			var cursors, ids []any
			chat := func() { ids = append(ids, resolvers.ConversationID(w.chat().ID)) }
			for range 3 {
				chat()
				cursors = append(cursors, told.item()["cursor"])
			}
			again := late.as(who).connect().subscribe(followEvents, vars{"after": cursors[1]})
			caughtUp := func() bool { return servers[1].catchUp.Begun() > 0 && servers[1].catchUp.Running() == 0 }
			require.Eventually(t, caughtUp, patience, tick)
			servers[1].pumped.mu.Unlock()
			chat()
			for _, id := range ids[2:] {
				item := again.item()
				require.Equal(t, id, dig(t, item, "node.conversation.id"))
				require.Equal(t, false, item["gap"])
			}
		})
	}
}
