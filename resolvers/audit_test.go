package resolvers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
)

const auditQuery = `query($filter: AuditFilter, $first: Int) { auditLog(filter: $filter, first: $first) { totalCount nodes {
	id at action summary refused code actor { __typename ... on Member { id name } } target { kind id name } changes { field from to } } } }`

func (c *client) audited(filter object) []any {
	c.t.Helper()
	nodes, _ := c.do(auditQuery, vars{"filter": filter}).at("auditLog.nodes").([]any)
	return nodes
}

// Every act is told once, newest first, with who, what, on what, and both sides
// of each field; a refusal writes nothing; nothing in it is secret.
func TestEveryActIsInTheAuditLog(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		boss := w.as("owner")
		team := dig(t, boss.act("createTeam", object{"name": "Night", "method": "RANDOM"}), "team.id")
		boss.act("updateTeam", object{"id": team, "method": nil, "maxAutoAssigned": 4, "memberIds": []string{w.global("member agent1")}})
		boss.act("updateTeam", object{"id": team, "maxAutoAssigned": 4})
		boss.act("deleteTeam", object{"id": team})
		noa := dig(t, boss.act("addMember", object{"email": "noa@example.test", "name": "Noa", "roles": []string{"agent"}}), "member.id")
		boss.act("updateMember", object{"id": noa, "roles": []string{"admin"}, "teamIds": []string{w.global("team sales")}})
		boss.act("removeMember", object{"id": noa})
		agent := dig(t, boss.act("createAiAgent", object{"name": "Byte"}), "aiAgent.id")
		boss.act("updateAiAgent", object{"id": agent, "name": "Bit"})
		boss.act("removeAiAgent", object{"id": agent})
		boss.act("createRole", object{"name": "auditor", "permissions": []string{"view:ticket:ALL"}})
		boss.act("updateRole", object{"name": "auditor", "permissions": []string{"view:ticket:TEAM"}})
		boss.act("deleteRole", object{"name": "auditor"})
		boss.act("setPlan", object{"plan": "total"})
		boss.act("updateWorkspaceRules", object{"maxAutoAssigned": 7})
		key := boss.act("createApiKey", object{"name": "Feeder", "role": "integration"})
		secret, _ := dig(t, key, "secret").(string)
		boss.act("revokeApiKey", object{"id": dig(t, key, "apiKey.id")})
		boss.act("setAvailability", object{"availability": "AWAY", "memberId": w.global("member agent1")})
		w.as("agent1").act("setAvailability", object{"availability": "ONLINE"})
		require.Equal(t, "PERMISSION_DENIED", w.as("agent1").refusedAct("setPlan", object{"plan": "free"}))

		all := w.as("manager").do(auditQuery, nil)
		want := strings.Fields("member.availability api_key.revoke api_key.create rules.update plan.set role.delete role.update role.create ai_agent.remove ai_agent.update ai_agent.create " +
			"member.remove member.update member.add team.delete team.update team.create")
		require.Equal(t, want, column(t, all.at("auditLog.nodes"), "action"))
		require.Equal(t, number(len(want)), all.at("auditLog.totalCount"))
		require.NotEmpty(t, secret)
		require.NotContains(t, all.text, secret)
		require.NotContains(t, all.text, secret[len(secret)-20:])

		nodes, _ := all.at("auditLog.nodes").([]any)
		requireMatch(t, object{
			"action": "team.update", "refused": false, "code": nil, "actor": object{"__typename": "Member", "id": w.global("member owner")},
			"target":  object{"kind": "TEAM", "id": team, "name": "Night"},
			"summary": "Olivia Ohm: team.update Night (method, maxAutoAssigned, members)",
			"changes": []any{object{"field": "method", "from": "RANDOM", "to": nil}, object{"field": "maxAutoAssigned", "from": nil, "to": "4"}, object{"field": "members", "from": nil, "to": "Anna Berg"}},
		}, nodes[15], "entry")
		requireMatch(t, object{"changes": []any{object{"field": "roles", "from": "agent", "to": "admin"}, object{"field": "teams", "from": nil, "to": "Sales"}}}, nodes[12], "entry")
		requireMatch(t, object{"changes": []any{object{"field": "plan", "from": "enterprise", "to": "total"}}}, nodes[4], "entry")
		requireMatch(t, object{"changes": []any{object{"field": "MaxAutoAssigned", "from": "10", "to": "7"}}}, nodes[3], "entry")

		hour := func(h int) string { return time.Now().Add(time.Duration(h) * time.Hour).UTC().Format(time.RFC3339) }
		for _, of := range []struct {
			span object
			want int
		}{{object{"from": hour(-1)}, len(want)}, {object{"until": hour(-1)}, 0}, {object{"from": hour(-1), "until": hour(1)}, len(want)}, {object{"from": hour(1)}, 0}} {
			got := w.as("manager").do(auditQuery, vars{"filter": object{"at": of.span}})
			require.Equal(t, number(of.want), got.at("auditLog.totalCount"), of.span)
		}
		require.Equal(t, "INVALID_INPUT", w.as("manager").do(auditQuery, vars{"filter": object{"at": object{}}}).code())

		for name, c := range map[string]struct {
			filter object
			want   int
		}{
			"by who did it":       {object{"actorId": w.global("member owner")}, len(want)},
			"by somebody else":    {object{"actorId": w.global("member admin")}, 0},
			"by what was done":    {object{"actions": []string{"team.create", "team.delete"}}, 2},
			"by what it is about": {object{"targetId": team}, 3},
			"by role":             {object{"role": "auditor"}, 3},
			"of one, one thing":   {object{"targetId": noa, "actions": []string{"member.add"}}, 1},
			"what was refused":    {object{"refused": true}, 0},
		} {
			require.Len(t, boss.audited(c.filter), c.want, name)
		}
		require.Equal(t, "INVALID_INPUT", boss.do(auditQuery, vars{"filter": object{"role": "auditor", "targetId": team}}).code())
		require.Equal(t, "INVALID_INPUT", boss.do(auditQuery, vars{"filter": object{"actions": strings.Fields(strings.Repeat("a ", 21))}}).code())

		err := w.service.Admin.RecordRefusal(t.Context(), w.principal("agent1"), audit.AuditPlanSet, audit.AuditTarget{Kind: audit.AuditWorkspace, ID: string(w.id), Name: "Northwind"}, inbox.PermissionDenied, 1)
		require.NoError(t, err)
		refused := boss.audited(object{"refused": true})
		require.Len(t, refused, 1)
		requireMatch(t, object{"refused": true, "code": "PERMISSION_DENIED", "summary": "Anna Berg: plan.set Northwind, refused with PERMISSION_DENIED"}, refused[0], "entry")
	})
}

// B:Z1
func TestWhoMayReadTheAuditLog(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, foreign := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		foreign.as("owner").act("createTeam", object{"name": "Theirs"})
		w.as("owner").act("createTeam", object{"name": "Ours"})
		for who, code := range map[string]string{
			"owner": "", "admin": "", "manager": "", "senior": "PERMISSION_DENIED", "agent1": "PERMISSION_DENIED", "observer": "PERMISSION_DENIED", "ai": "PERMISSION_DENIED",
		} {
			got := w.as(who).do(auditQuery, nil)
			require.Equal(t, code, got.code(), who)
			require.NotContains(t, got.text, "Theirs")
		}
		require.Equal(t, "PERMISSION_DENIED", w.contact(w.chat()).do(auditQuery, nil).code())
	})
}
