package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

func TestEventsAreToldToWhoMaySeeThem(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		mine, sales, ai := w.as("agent1").follow(followEvents, nil), w.as("sales1").follow(followEvents, nil), w.as("ai2").follow(followEvents, nil)
		theirs := w.ticket("sales1")                                // sales1 alone
		ours := w.ticket("team support")                            // agent1 alone
		bot := w.start(desk.NewConversation{Agent: w.agent("ai2")}) // everybody: nobody owns it
		require.Equal(t, resolvers.ConversationID(theirs.ID), dig(t, sales.item(), "node.conversation.id"))
		require.Equal(t, resolvers.ConversationID(ours.ID), dig(t, mine.item(), "node.conversation.id"))
		for _, st := range []*stream{mine, sales, ai} {
			require.Equal(t, resolvers.ConversationID(bot.ID), dig(t, st.item(), "node.conversation.id"))
		}
		_, err := w.service.Desk.Assign(t.Context(), w.principal("owner"), desk.Request{Conversation: bot.ID}, access.Owner{Member: w.member("sales1")}, "")
		require.NoError(t, err)
		// It leaves the sight of agent1, who is told that it did.
		require.Equal(t, "Chiara Rossi", dig(t, mine.item(), "node.to.assignee.name"))
		refused := w.contact(bot).connect().subscribe(followEvents, nil)
		require.Equal(t, "PERMISSION_DENIED", refused.refused())
	})
}

func withAuditor(d *workspace.Directory) {
	d.Workspace.CustomRoles = []workspace.CustomRole{{Name: "auditor", Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}}}}
	for id, m := range d.Members {
		if m.Name == "Oskar Vance" {
			m.Roles = []workspace.RoleName{"auditor"}
			d.Members[id] = m
		}
	}
}

func TestLostRightsStopStreams(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for _, c := range []struct {
			name, code string
			change     func(w *space)
		}{
			{"the roles are taken", "PERMISSION_DENIED", func(w *space) { w.editMember("observer", func(m *workspace.Member) { m.Roles = nil }) }},
			{"the member is removed", "UNAUTHENTICATED", func(w *space) { w.editMember("observer", func(m *workspace.Member) { m.Removed = true }) }},
			{"the plan is lowered", "PERMISSION_DENIED", func(w *space) { w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = "free" }) }},
			{"the role is changed", "PERMISSION_DENIED", func(w *space) {
				w.editWorkspace(func(ws *workspace.Workspace) { ws.CustomRoles = []workspace.CustomRole{{Name: "auditor"}} })
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", withAuditor)
				chat := w.chat()
				events, one := w.as("observer").follow(followEvents, nil), w.as("observer").followConversation(chat.ID)
				bystander := w.as("owner").follow(followEvents, nil)
				w.claim(chat, "agent1")
				require.Equal(t, "CLAIMED", dig(t, events.item(), "node.kind"))
				require.Equal(t, "CLAIMED", dig(t, one.item(), "event.kind"))
				require.Equal(t, "CLAIMED", dig(t, bystander.item(), "node.kind"))
				c.change(w)
				require.Equal(t, c.code, events.refused())
				if c.code == "UNAUTHENTICATED" {
					require.Equal(t, c.code, one.refused())
				} else {
					last := one.item()
					requireMatch(t, object{"accessLost": true, "event": nil, "message": nil}, last, "item")
					one.completed()
				}
				_, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: chat.ID})
				require.NoError(t, err)
				require.Equal(t, "LEFT", dig(t, bystander.item(), "node.kind"))
			})
		}
	})
}

func TestChangedTeamsCountForTheNextEvent(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.ticket("sales1")
		st := w.as("agent1").follow(followEvents, nil)
		w.editMember("agent1", func(m *workspace.Member) { m.Teams = []workspace.TeamID{w.team("sales")} })
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, inbox.Unset)
		require.NoError(t, err)
		require.Equal(t, "STATUS_CHANGED", dig(t, st.item(), "node.kind"))
		require.Empty(t, w.as("agent1").do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": resolvers.ConversationID(c.ID)}).code())
	})
}

func TestItemsAreMadeWithPresentRights(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		query := `subscription { assignmentEvents { node { conversation { viewerCan(actions: [TAKE_OVER, TRANSFER]) { allowed reason requiredPlan { name } } } actor { ... on Member { name roles { name } } } } } }`
		st := w.as("agent2").follow(query, nil)
		status := inbox.Unset
		change := func() object {
			_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, status)
			require.NoError(t, err)
			status = map[inbox.Status]inbox.Status{inbox.Unset: inbox.Open, inbox.Open: inbox.Unset}[status]
			return st.item()
		}
		require.Equal(t, []any{object{"allowed": true, "reason": nil, "requiredPlan": nil}, object{"allowed": false, "reason": "NOT_ASSIGNEE", "requiredPlan": nil}}, dig(t, change(), "node.conversation.viewerCan"))
		w.editMember("agent2", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
		w.editMember("agent1", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"agent", "manager"} })
		w.settle()
		item := change()
		require.Equal(t, []any{object{"allowed": false, "reason": "PERMISSION", "requiredPlan": nil}, object{"allowed": false, "reason": "PERMISSION", "requiredPlan": nil}}, dig(t, item, "node.conversation.viewerCan"))
		require.Len(t, dig(t, item, "node.actor.roles"), 2)
		w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = "free" })
		w.settle()
		verdicts, _ := dig(t, change(), "node.conversation.viewerCan").([]any)
		require.Equal(t, object{"allowed": false, "reason": "PLAN", "requiredPlan": object{"name": "lite"}}, verdicts[1])
	})
}

func TestWhatGoesOutOfSightIsToldWithoutItsMessages(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = workspace.VisibleExclusive })
		c := w.owned("agent1")
		query := `subscription { assignmentEvents { node { kind to { assignee { name } } conversation { lastMessage { body } assignee { name } } } } }`
		mine, managers := w.as("agent1").follow(query, nil), w.as("manager").follow(query, nil)
		secret := "not for Anna"
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, &secret, "")
		require.NoError(t, err)
		requireMatch(t, object{"kind": "TAKEN_OVER", "conversation": object{"lastMessage": object{"body": "*"}}}, managers.item()["node"], "node")
		requireMatch(t, object{"kind": "TAKEN_OVER", "to": object{"assignee": object{"name": "Mara Lindqvist"}}, "conversation": object{"lastMessage": nil, "assignee": object{"name": "Mara Lindqvist"}}}, mine.item()["node"], "node")
	})
}

func TestRemovedMembersAskInVain(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		socket := w.as("agent1").connect()
		require.Equal(t, "next", socket.subscribe(`{ viewer { permissions } }`, nil).message().Type)
		w.editMember("agent1", func(m *workspace.Member) { m.Removed = true })
		w.settle()
		for _, query := range []string{
			`{ viewer { permissions } }`, `mutation { setAvailability(input: {availability: AWAY}) { userErrors { code } } }`, `subscription { assignmentEvents { cursor } }`,
		} {
			m := socket.subscribe(query, nil).message()
			require.Contains(t, string(m.Payload), `"code":"UNAUTHENTICATED"`, query)
		}
	})
}
