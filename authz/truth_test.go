package authz_test

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// decision is one line of testdata/truth.csv, which explains the columns.
type decision struct {
	line                                             int
	policy, plan, role, action, kind, relation, rule string
	verdict, reason, needs                           string
}

func decisions(t *testing.T) []decision {
	t.Helper()
	file, err := os.Open("testdata/truth.csv")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	r := csv.NewReader(file)
	r.Comment = '#'
	_, err = r.Read()
	require.NoError(t, err, "the heading")
	var out []decision
	for {
		f, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		line, _ := r.FieldPos(0)
		out = append(out, decision{line, f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9]})
	}
}

// TestTruth proves every line of the table. B:Z1, B:Z2, B:Z3, B:Z5, B:Z8,
// B:T2, B:T5, B:K1, B:K3, B:A4, B:A6, B:C1, B:S1, B:M1, B:H1.
func TestTruth(t *testing.T) {
	policies := map[string]*authz.Authorizer{}
	for _, name := range authz.Presets() {
		policies[name] = authz.New(preset(t, name))
	}
	rows := decisions(t)
	require.GreaterOrEqual(t, len(rows), 200)
	for _, d := range rows {
		policy := policies[d.policy]
		require.NotNil(t, policy, "line %d", d.line)
		verdict, reason, needs := d.decide(t, policy)
		if verdict != d.verdict || reason != d.reason || needs != d.needs {
			t.Errorf("testdata/truth.csv:%d: got %q %q %q, want %q %q %q for %+v",
				d.line, verdict, reason, needs, d.verdict, d.reason, d.needs, d)
		}
	}
}

func (d decision) decide(t *testing.T, policy *authz.Authorizer) (verdict, reason, needs string) {
	t.Helper()
	switch {
	case d.role == "":
		included, lowest := policy.Includes(workspace.PlanName(d.plan), workspace.Feature(d.action))
		return answer(included, string(access.DeniedByPlan), string(lowest))
	case d.kind == "":
		return answer(d.access(t, policy).May(workspace.WorkspaceAction(d.action)), string(access.DeniedByPermission), d.action)
	}
	a, conversation := d.access(t, policy), d.conversation(t)
	if bare := workspace.PermAction(d.action); slices.Contains(workspace.PermActions(), bare) {
		needed := workspace.Permission{Kind: conversation.Kind, Action: bare, Scope: a.Relation(conversation)}
		return answer(a.Scope(needed.Kind, bare) >= needed.Scope, string(access.DeniedByPermission), needed.String())
	}
	v := a.Can(conversation, inbox.Action(d.action))
	switch v.Reason {
	case access.DeniedByPlan:
		needs = string(v.RequiredPlan)
	case access.DeniedByPermission:
		needs = v.Permission
	default:
		needs = string(v.Hint)
	}
	return answer(v.Allowed, string(v.Reason), needs)
}

func answer(allowed bool, reason, needs string) (string, string, string) {
	if allowed {
		return "allow", "", ""
	}
	return "deny", reason, needs
}

func (d decision) access(t *testing.T, policy *authz.Authorizer) access.Access {
	t.Helper()
	access, err := access.NewAccess(inbox.Principal{Workspace: "w", Actor: d.actor()}, d.directory(t), policy)
	require.NoError(t, err)
	return access
}

func (d decision) actor() workspace.Actor {
	switch workspace.RoleName(d.role) {
	case workspace.RoleAIAgent:
		return workspace.Actor{Kind: workspace.ActorAgent, ID: "bot"}
	case workspace.RoleIntegration:
		return workspace.Actor{Kind: workspace.ActorPartner, ID: "key"}
	default:
		return workspace.Actor{Kind: workspace.ActorMember, ID: "me"}
	}
}

// directory has the caller and a teammate in one team, a stranger in another.
func (d decision) directory(t *testing.T) *workspace.Directory {
	t.Helper()
	var roles []workspace.RoleName
	for _, role := range strings.Split(d.role, "+") {
		roles = append(roles, workspace.RoleName(role))
	}
	return &workspace.Directory{
		Workspace: workspace.Workspace{ID: "w", Plan: workspace.PlanName(d.plan), Rules: d.rules(t), CustomRoles: []workspace.CustomRole{chatDesk()}, Rev: 1},
		Members: map[workspace.MemberID]workspace.Member{
			"me":       {ID: "me", Roles: roles, Teams: []workspace.TeamID{"mine"}},
			"teammate": {ID: "teammate", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{"mine"}},
			"stranger": {ID: "stranger", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{"theirs"}},
		},
		Teams:  map[workspace.TeamID]workspace.Team{"mine": {ID: "mine"}, "theirs": {ID: "theirs"}},
		Agents: map[workspace.AgentID]workspace.AIAgent{"bot": {ID: "bot"}, "other-bot": {ID: "other-bot"}},
		Keys:   map[workspace.KeyID]workspace.APIKey{"key": {ID: "key", Role: workspace.RoleIntegration}},
	}
}

func chatDesk() workspace.CustomRole {
	return workspace.CustomRole{Name: "chat_desk", Permissions: []workspace.Permission{
		{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeTeam},
		{Kind: workspace.Livechat, Action: workspace.PermReply, Scope: workspace.ScopeTeam},
		{Kind: workspace.Livechat, Action: workspace.PermTakeover, Scope: workspace.ScopeTeam},
		{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll},
	}}
}

func (d decision) rules(t *testing.T) workspace.Rules {
	t.Helper()
	rules := workspace.DefaultRules()
	name, value, _ := strings.Cut(d.rule, "=")
	switch name {
	case "":
	case "transferActor":
		rules.TransferActor = workspace.TransferActor(value)
	case "closeActor":
		rules.CloseActor = workspace.CloseActor(value)
	case "sendPolicy":
		rules.SendPolicy = workspace.SendPolicy(value)
	case "takeoverUnassigned":
		rules.TakeoverUnassigned = workspace.TakeoverUnassigned(value)
	case "visibility":
		rules.Visibility = workspace.Visibility(value)
	case "unassign":
		rules.Unassign = workspace.UnassignRule(value)
	default:
		t.Fatalf("testdata/truth.csv:%d: unknown rule %q", d.line, name)
	}
	return rules
}

func (d decision) conversation(t *testing.T) inbox.Conversation {
	t.Helper()
	c := inbox.Conversation{ID: "c", Workspace: "w", Kind: workspace.Kind(d.kind)}
	c.Status = inbox.Open
	if d.role == string(workspace.RoleAIAgent) {
		c.OriginAgent = map[string]workspace.AgentID{"OWN": "bot", "OTHER": "other-bot"}[d.relation]
		require.NotEmpty(t, c.OriginAgent, "testdata/truth.csv:%d", d.line)
		return c
	}
	owner, known := map[string]inbox.Ownership{
		"OWN": {Assignee: "me", Team: "mine"}, "TEAM": {Assignee: "teammate", Team: "mine"}, "OTHER": {Assignee: "stranger", Team: "theirs"},
		"TEAM_QUEUE": {Team: "mine"}, "OTHER_QUEUE": {Team: "theirs"}, "POOL": {},
	}[d.relation]
	require.True(t, known, "testdata/truth.csv:%d: unknown relation %q", d.line, d.relation)
	owner.Status = inbox.Open
	c.Ownership = owner
	return c
}

// TestTruthCovers makes sure that no role, plan, feature, workspace action or
// value of a rule is left out of the table.
func TestTruthCovers(t *testing.T) {
	mentioned := map[string]bool{}
	for _, d := range decisions(t) {
		for _, word := range append(strings.Split(d.role, "+"), d.policy+" "+d.plan, d.action, d.kind, d.relation, d.rule, d.reason) {
			mentioned[word] = true
		}
	}
	for _, name := range authz.Presets() {
		policy := preset(t, name)
		for _, plan := range policy.Plans() {
			require.Contains(t, mentioned, name+" "+string(plan.Name))
		}
		for _, role := range policy.Roles() {
			require.Contains(t, mentioned, string(role))
		}
	}
	for _, word := range append(append(asStrings(workspace.Features()), asStrings(workspace.WorkspaceActions())...), asStrings(workspace.Kinds())...) {
		require.Contains(t, mentioned, word)
	}
	for _, action := range access.Actions() {
		switch action {
		case inbox.ActionReopen, inbox.ActionReopenSend, inbox.ActionStartNew:
			// They need a closed conversation; the tests of inbox have them.
		default:
			require.Contains(t, mentioned, string(action))
		}
	}
}

func asStrings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

func preset(t testing.TB, name string) *authz.Policy {
	t.Helper()
	policy, err := authz.Preset(name)
	require.NoError(t, err)
	return policy
}
