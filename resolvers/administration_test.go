package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// act runs an administrative mutation and gives its payload, which must hold no
// refusal.
func (c *client) act(field string, input object) object {
	c.t.Helper()
	payload, ok := c.do(mutation(loadSchema(c.t), field), vars{"input": input}).at("payload").(object)
	require.True(c.t, ok)
	require.Empty(c.t, payload["userErrors"], field)
	return payload
}

// refusedAct runs one that must be refused, and gives its code.
func (c *client) refusedAct(field string, input object) string {
	c.t.Helper()
	payload, ok := c.do(mutation(loadSchema(c.t), field), vars{"input": input}).at("payload").(object)
	require.True(c.t, ok)
	refusals, _ := payload["userErrors"].([]any)
	require.Len(c.t, refusals, 1, field)
	code, _ := dig(c.t, refusals[0], "code").(string)
	return code
}

// B:Q6, B:Q9
func TestTeamsAreMadeChangedAndRemoved(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		boss := w.as("manager")
		input := object{"name": "Night shift", "method": "ROUND_ROBIN", "maxAutoAssigned": 3, "memberIds": []string{w.global("member agent1"), w.global("member sales1")}, "idempotencyKey": "k"}
		made := boss.act("createTeam", input)
		requireMatch(t, object{"name": "Night shift", "method": "ROUND_ROBIN", "maxAutoAssigned": number(3), "revision": number(1)}, made["team"], "team")
		require.Equal(t, []string{"Anna Berg", "Chiara Rossi"}, column(t, dig(t, made, "team.members.nodes"), "name"), "the payload knows the new members")
		again := boss.act("createTeam", input)
		require.Equal(t, dig(t, made, "team.id"), dig(t, again, "team.id"), "a repeat makes no second team")
		id := dig(t, made, "team.id")

		changed := boss.act("updateTeam", object{"id": id, "name": "Late shift", "method": nil, "memberIds": []string{w.global("member agent2")}, "expectedRevision": 1})
		requireMatch(t, object{"name": "Late shift", "maxAutoAssigned": number(3), "revision": number(2)}, changed["team"], "team")
		require.Nil(t, dig(t, changed, "team.method"))
		require.Equal(t, []string{"Émile Okafor"}, column(t, dig(t, changed, "team.members.nodes"), "name"))
		same := boss.act("updateTeam", object{"id": id, "name": "Late shift"})
		require.Equal(t, number(2), dig(t, same, "team.revision"), "what is so already is not written")
		changed = boss.act("updateTeam", object{"id": id, "maxAutoAssigned": nil, "memberIds": []string{}})
		require.Nil(t, dig(t, changed, "team.maxAutoAssigned"))
		require.Empty(t, dig(t, changed, "team.members.nodes"))

		require.Equal(t, id, boss.act("deleteTeam", object{"id": id})["deletedTeamId"])
		teams := boss.do(`{ teams { nodes { name } } members { nodes { teams { name } } } }`, nil)
		require.Equal(t, []string{"Sales", "Support"}, column(t, teams.at("teams.nodes"), "name"))
		require.Equal(t, "NOT_FOUND", boss.do(`query($id: ID!) { node(id: $id) { id } }`, vars{"id": id}).code())
		remade := boss.act("createTeam", object{"name": "Late shift"})
		require.NotEqual(t, id, dig(t, remade, "team.id"), "the name is free again")
	})
}

func TestMembersAreAddedChangedAndRemoved(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		boss := w.as("admin")
		input := object{"email": "noa@example.test", "name": "Noa", "roles": []string{"agent"}, "teamIds": []string{w.global("team sales")}, "maxAutoAssigned": 5, "idempotencyKey": "k"}
		made := boss.act("addMember", input)
		id := dig(t, made, "member.id")
		require.Equal(t, id, dig(t, boss.act("addMember", input), "member.id"), "a repeat adds nobody")
		query := `query($id: ID!) { node(id: $id) { ... on Member { name email availability maxAutoAssigned roles { name permissions } teams { name } } } }`
		requireMatch(t, object{"name": "Noa", "email": "noa@example.test", "availability": "OFFLINE", "maxAutoAssigned": number(5), "teams": []any{object{"name": "Sales"}}},
			boss.do(query, vars{"id": id}).at("node"), "member")
		boss.act("updateMember", object{"id": id, "name": "Noa Lind", "roles": []string{"manager", "agent"}, "teamIds": []string{}, "maxAutoAssigned": nil})
		got := boss.do(query, vars{"id": id})
		requireMatch(t, object{"name": "Noa Lind", "maxAutoAssigned": nil, "teams": []any{}}, got.at("node"), "member")
		require.Equal(t, []string{"manager", "agent"}, column(t, got.at("node.roles"), "name"))
		require.Contains(t, got.text, `"assign:livechat:ALL"`)

		require.Equal(t, id, boss.act("removeMember", object{"id": id})["removedMemberId"])
		require.Equal(t, "NOT_FOUND", boss.do(query, vars{"id": id}).code())
		back := boss.act("addMember", object{"email": "NOA@example.test", "name": "Noa", "roles": []string{"observer"}})
		require.NotEqual(t, id, dig(t, back, "member.id"), "who comes back is somebody new")
	})
}

// Who made an owner can be demoted by that owner, and one owner always stays.
func TestOwnersMakeOwners(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.as("owner").act("updateMember", object{"id": w.global("member admin"), "roles": []string{"owner"}})
		w.as("admin").act("updateMember", object{"id": w.global("member owner"), "roles": []string{"agent"}})
		require.Equal(t, "LAST_OWNER", w.as("admin").refusedAct("removeMember", object{"id": w.global("member admin")}))
		require.Equal(t, "PERMISSION_DENIED", w.as("owner").refusedAct("setPlan", object{"plan": "free"}), "an owner no longer")
	})
}

func TestAgentsAreMadeChangedAndRemoved(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		boss := w.as("owner")
		made := boss.act("createAiAgent", object{"name": "Byte", "subject": "client-7", "idempotencyKey": "k"})
		id := dig(t, made, "aiAgent.id")
		require.Equal(t, id, dig(t, boss.act("createAiAgent", object{"name": "Byte", "subject": "client-7", "idempotencyKey": "k"}), "aiAgent.id"))
		require.Equal(t, "Bit", dig(t, boss.act("updateAiAgent", object{"id": id, "name": "Bit", "expectedRevision": 1}), "aiAgent.name"))

		answers, owned := w.chat(), w.owned("agent1")
		boss.act("removeAiAgent", object{"id": w.global("agent ai")})
		waits := w.stored(answers.ID)
		require.True(t, waits.Waiting(), "nobody answers it any longer")
		require.Equal(t, w.member("agent1"), w.stored(owned.ID).Assignee)
		requireLast(t, w, answers, inbox.EventQueued, inbox.ReasonAgentRemoved)
		closed, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: owned.ID}, inbox.Closed)
		require.NoError(t, err)
		reopened, err := w.service.Desk.SetStatus(t.Context(), w.principal("manager"), desk.Request{Conversation: closed.Conversation.ID}, inbox.Open)
		require.NoError(t, err)
		require.Equal(t, w.member("agent1"), reopened.Conversation.Assignee, "it does not come back to an agent that is gone, but to who had it")
		require.Equal(t, "UNAUTHENTICATED", w.as("ai").do(`{ viewer { permissions } }`, nil).code())
	})
}

// requireLast demands that the last step of a conversation was the system's.
func requireLast(t *testing.T, w *space, c inbox.Conversation, kind inbox.EventKind, reason string) inbox.Event {
	t.Helper()
	page, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 2})
	require.NoError(t, err)
	e := page.Items[0]
	require.Equal(t, kind, e.Kind)
	require.Equal(t, reason, e.Reason)
	require.Equal(t, workspace.System(), e.Actor)
	require.Equal(t, page.Items[1].To, e.From, "the history has no hole")
	require.Equal(t, w.stored(c.ID).Ownership, e.To)
	return e
}

// B:Z2, B:Z3
func TestRolesOfTheWorkspacesOwn(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "pro", nil)
		boss := w.as("admin")
		input := object{"name": "auditor", "permissions": []string{"view:livechat:ALL", "view:ticket:ALL"}, "idempotencyKey": "k"}
		boss.act("createRole", input)
		boss.act("createRole", input)
		boss.act("updateMember", object{"id": w.global("member agent1"), "roles": []string{"auditor"}})
		mine := func() any { return w.as("agent1").do(`{ viewer { permissions } }`, nil).at("viewer.permissions") }
		require.Equal(t, []any{"view:livechat:ALL", "view:ticket:ALL"}, mine())
		changed := boss.act("updateRole", object{"name": "auditor", "permissions": []string{"view:ticket:TEAM"}})
		requireMatch(t, object{"name": "auditor", "custom": true, "permissions": []any{"view:ticket:TEAM"}}, changed["role"], "role")
		require.Equal(t, []any{"view:ticket:TEAM"}, mine())
		roles := boss.do(`{ roles { name custom } }`, nil).at("roles")
		require.Equal(t, []string{"owner", "admin", "manager", "senior_agent", "agent", "observer", "auditor"}, column(t, roles, "name"))

		w.as("owner").act("setPlan", object{"plan": "lite"})
		require.Equal(t, []any{}, mine(), "the plan has no such roles")
		boss.act("updateMember", object{"id": w.global("member agent1"), "roles": []string{"agent"}})
		require.Equal(t, "auditor", boss.act("deleteRole", object{"name": "auditor"})["deletedRole"], "what is no longer paid for can be tidied up")
	})
}

// B:Q9, B:Z3
func TestPlans(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", func(d *workspace.Directory) { d.Workspace.Rules.Method = workspace.Voluntary })
		ladder := w.as("observer").do(`{ plans { name rank } }`, nil)
		require.Equal(t, []string{"free", "lite", "pro", "total", "enterprise"}, column(t, ladder.at("plans"), "name"))
		lowered := w.as("owner").act("setPlan", object{"plan": "lite"})
		requireMatch(t, object{"plan": object{"name": "lite"}}, w.as("owner").do(`{ workspace { plan { name } } }`, nil).at("workspace"), "workspace")
		require.Equal(t, []string{"METHOD_ABOVE_PLAN"}, column(t, lowered["warnings"], "code"))
		require.Empty(t, w.as("owner").act("setPlan", object{"plan": "enterprise"})["warnings"])
	})
}
