package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const (
	snooze = `mutation($in: SnoozeConversationInput!) { payload: snoozeConversation(input: $in) {
		conversation { snooze { since until } assignee { id } } event { kind wakeCause snapshot { snooze { until } } } userErrors { code field }
	} }`
	snoozed = `query($id: ID!) { conversation(id: $id) { snooze { until } assignee { id } queuePosition waitingSince
		viewerCan(actions: [SNOOZE, WAKE]) { action allowed reason } history(first: 1) { nodes { kind wakeCause } } } }`
)

// A sleeper is behind no door of work and behind each that asks for it; its place is free;
// its contact sees nothing of it, and wakes it by writing. B:R2
func TestSnoozeByTheAPI(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, visitor := w.visit()
		id := resolvers.ConversationID(c.ID)
		_, err := w.service.Messages.Send(t.Context(), w.principal("agent2"), desk.SendRequest{Conversation: c.ID, Body: "I shall look"})
		require.NoError(t, err)
		shown := `query($id: ID!) { conversation(id: $id) { status handler assignee { name } queuePosition waitingSince lastActivityAt lastMessage { body } } }`
		before := visitor.do(shown, vars{"id": id}).ok()
		doors := func(as string, includes bool) map[string]any {
			t.Helper()
			out := map[string]any{}
			for name, view := range map[string]object{
				"all": {}, "mine": {"list": "MINE"}, "people": {"handlers": []string{"HUMAN"}}, "assignee": {"assigneeIds": []string{w.global("member agent2")}},
				"contact": {"contactIds": []string{resolvers.GlobalID("Contact", c.Contact)}}, "unassigned": {"list": "UNASSIGNED"}, "queued": {"list": "QUEUED"},
				"snoozed": {"list": "SNOOZED"},
			} {
				if includes {
					view["includeSnoozed"] = true
				}
				got := w.as(as).do(`query($v: InboxView!, $vs: [InboxView!]!) { conversations(view: $v) { totalCount nodes { id } } inboxCounts(views: $vs) { count } }`, vars{"v": view, "vs": []object{view}})
				counted, _ := got.at("inboxCounts").([]any)
				require.Equal(t, got.at("conversations.totalCount"), dig(t, counted[0], "count"), name)
				out[name] = len(got.at("conversations.nodes").([]any))
			}
			return out
		}
		load := func() any {
			t.Helper()
			return w.as("agent2").do(`query($id: ID!) { node(id: $id) { ... on Member { openConversations } } }`, vars{"id": w.global("member agent2")}).at("node.openConversations")
		}
		work := map[string]any{"all": 1, "mine": 1, "people": 1, "assignee": 1, "contact": 1, "unassigned": 0, "queued": 0, "snoozed": 0}
		require.Equal(t, work, doors("agent2", false))
		require.Equal(t, number(1), load())

		until := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
		done := w.as("agent2").do(snooze, vars{"in": object{"conversationId": id, "until": object{"time": until}}}).ok()
		require.Empty(t, dig(t, done, "payload.userErrors"))
		requireMatch(t, object{"kind": "SNOOZED", "wakeCause": nil}, dig(t, done, "payload.event"), "event")
		require.Equal(t, w.global("member agent2"), dig(t, done, "payload.conversation.assignee.id"))
		require.Equal(t, number(0), load(), "the place is free")
		require.Equal(t, before, visitor.do(shown, vars{"id": id}).ok(), "the contact sees nothing of it")
		for _, who := range []string{"agent2", "manager"} {
			got := doors(who, false)
			delete(got, "mine")
			require.Equal(t, map[string]any{"all": 0, "people": 0, "assignee": 0, "contact": 0, "unassigned": 0, "queued": 0, "snoozed": 1}, got, who)
		}
		require.Equal(t, map[string]any{"all": 1, "mine": 1, "people": 1, "assignee": 1, "contact": 1, "unassigned": 0, "queued": 0, "snoozed": 1}, doors("agent2", true))
		asleep := w.as("agent2").do(snoozed, vars{"id": id}).ok()
		requireMatch(t, object{"queuePosition": nil, "waitingSince": nil, "viewerCan": []any{
			object{"action": "SNOOZE", "allowed": true, "reason": nil}, object{"action": "WAKE", "allowed": true, "reason": nil},
		}}, dig(t, asleep, "conversation"), "asleep")

		_, err = w.service.Messages.Send(t.Context(), inbox.Principal{Workspace: w.id, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)}, Conversation: c.ID}, desk.SendRequest{Conversation: c.ID, Body: "Any news?"})
		require.NoError(t, err)
		woken := w.as("agent2").do(snoozed, vars{"id": id}).ok()
		requireMatch(t, object{"snooze": nil, "assignee": object{"id": w.global("member agent2")}, "history": object{"nodes": []any{object{"kind": "WOKEN", "wakeCause": "CONTACT"}}}}, dig(t, woken, "conversation"), "woken")
		require.Equal(t, work, doors("agent2", false))
		require.Equal(t, number(1), load())
		told := w.as("agent2").do(`{ notifications(first: 1) { nodes { kind message { body } conversation { id } } } }`, nil)
		requireMatch(t, []any{object{"kind": "WOKEN", "message": object{"body": "Any news?"}, "conversation": object{"id": id}}}, told.at("notifications.nodes"), "told")
	})
}

// A code is in the event, in the history and in the change of availability, with its
// present name, also once it is archived; viewerCan says when one is needed. B:R3
func TestReasonsByTheAPI(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		owner, agent := w.as("owner"), w.as("agent1")
		owner.act("updateWorkspaceRules", object{"reasonsRequired": []string{"CLOSE", "TRANSFER", "AWAY"}})
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		can := agent.do(`query($id: ID!) { conversation(id: $id) { viewerCan(actions: [CLOSE, TRANSFER, ASSIGN, TAKE_OVER, LEAVE]) { reasonRequired } } }`, vars{"id": id})
		require.Equal(t, []any{object{"reasonRequired": "CLOSE"}, object{"reasonRequired": "TRANSFER"}, object{"reasonRequired": "TRANSFER"}, object{"reasonRequired": nil}, object{"reasonRequired": "TRANSFER"}}, can.at("conversation.viewerCan"))
		agent.act("setConversationStatus", object{"conversationId": id, "status": "CLOSED", "reasonCodeId": w.global("reason CLOSE")})
		agent.act("setAvailability", object{"availability": "AWAY", "reasonCodeId": w.global("reason AWAY")})
		owner.act("updateReasonCode", object{"id": w.global("reason CLOSE"), "name": "Solved", "archived": true})
		want := object{"id": w.global("reason CLOSE"), "name": "Solved", "usage": "CLOSE", "archived": true}
		history := agent.do(`query($id: ID!) { conversation(id: $id) { history(first: 1) { nodes { kind reasonCode { id name usage archived } } } } }`, vars{"id": id})
		require.Equal(t, []any{object{"kind": "CLOSED", "reasonCode": want}}, history.at("conversation.history.nodes"))
		away := owner.do(`query($id: ID!) { node(id: $id) { ... on Member { availabilityChange { to reasonCode { name } } } } }`, vars{"id": w.global("member agent1")})
		require.Equal(t, object{"to": "AWAY", "reasonCode": object{"name": "For AWAY"}}, away.at("node.availabilityChange"))
		codes := func(args string) []string {
			return column(t, agent.do(`{ reasonCodes`+args+` { name } }`, nil).at("reasonCodes"), "name")
		}
		require.Equal(t, []string{"For DECLINE", "For TRANSFER", "For TAKEOVER", "For AWAY"}, codes(""))
		require.Equal(t, []string{"Solved"}, codes("(usage: CLOSE, includeArchived: true)"))
		require.Empty(t, codes("(usage: CLOSE)"))
	})
}
