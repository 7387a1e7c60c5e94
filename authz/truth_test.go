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
		included, lowest := policy.Includes(inbox.PlanName(d.plan), inbox.Feature(d.action))
		return answer(included, string(inbox.DeniedByPlan), string(lowest))
	case d.kind == "":
		return answer(d.access(t, policy).May(inbox.WorkspaceAction(d.action)), string(inbox.DeniedByPermission), d.action)
	}
	access, conversation := d.access(t, policy), d.conversation(t)
	if bare := inbox.PermAction(d.action); slices.Contains(inbox.PermActions(), bare) {
		needed := inbox.Permission{Kind: conversation.Kind, Action: bare, Scope: access.Relation(conversation)}
		return answer(access.Scope(needed.Kind, bare) >= needed.Scope, string(inbox.DeniedByPermission), needed.String())
	}
	v := access.Can(conversation, inbox.Action(d.action))
	switch v.Reason {
	case inbox.DeniedByPlan:
		needs = string(v.RequiredPlan)
	case inbox.DeniedByPermission:
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

func (d decision) access(t *testing.T, policy *authz.Authorizer) inbox.Access {
	t.Helper()
	access, err := inbox.NewAccess(inbox.Principal{Workspace: "w", Actor: d.actor()}, d.directory(t), policy)
	require.NoError(t, err)
	return access
}

func (d decision) actor() inbox.Actor {
	switch inbox.RoleName(d.role) {
	case inbox.RoleAIAgent:
		return inbox.Actor{Kind: inbox.ActorAgent, ID: "bot"}
	case inbox.RoleIntegration:
		return inbox.Actor{Kind: inbox.ActorPartner, ID: "key"}
	default:
		return inbox.Actor{Kind: inbox.ActorMember, ID: "me"}
	}
}

// directory has the caller and a teammate in one team, a stranger in another.
func (d decision) directory(t *testing.T) *inbox.Directory {
	t.Helper()
	var roles []inbox.RoleName
	for _, role := range strings.Split(d.role, "+") {
		roles = append(roles, inbox.RoleName(role))
	}
	return &inbox.Directory{
		Workspace: inbox.Workspace{ID: "w", Plan: inbox.PlanName(d.plan), Rules: d.rules(t), CustomRoles: []inbox.CustomRole{chatDesk()}, Rev: 1},
		Members: map[inbox.MemberID]inbox.Member{
			"me":       {ID: "me", Roles: roles, Teams: []inbox.TeamID{"mine"}},
			"teammate": {ID: "teammate", Roles: []inbox.RoleName{"agent"}, Teams: []inbox.TeamID{"mine"}},
			"stranger": {ID: "stranger", Roles: []inbox.RoleName{"agent"}, Teams: []inbox.TeamID{"theirs"}},
		},
		Teams:  map[inbox.TeamID]inbox.Team{"mine": {ID: "mine"}, "theirs": {ID: "theirs"}},
		Agents: map[inbox.AgentID]inbox.AIAgent{"bot": {ID: "bot"}, "other-bot": {ID: "other-bot"}},
		Keys:   map[inbox.KeyID]inbox.APIKey{"key": {ID: "key", Role: inbox.RoleIntegration}},
	}
}

func chatDesk() inbox.CustomRole {
	return inbox.CustomRole{Name: "chat_desk", Permissions: []inbox.Permission{
		{Kind: inbox.Livechat, Action: inbox.PermView, Scope: inbox.ScopeTeam},
		{Kind: inbox.Livechat, Action: inbox.PermReply, Scope: inbox.ScopeTeam},
		{Kind: inbox.Livechat, Action: inbox.PermTakeover, Scope: inbox.ScopeTeam},
		{Kind: inbox.Ticket, Action: inbox.PermView, Scope: inbox.ScopeAll},
	}}
}

func (d decision) rules(t *testing.T) inbox.Rules {
	t.Helper()
	rules := inbox.DefaultRules()
	name, value, _ := strings.Cut(d.rule, "=")
	switch name {
	case "":
	case "transferActor":
		rules.TransferActor = inbox.TransferActor(value)
	case "closeActor":
		rules.CloseActor = inbox.CloseActor(value)
	case "sendPolicy":
		rules.SendPolicy = inbox.SendPolicy(value)
	case "takeoverUnassigned":
		rules.TakeoverUnassigned = inbox.TakeoverUnassigned(value)
	case "visibility":
		rules.Visibility = inbox.Visibility(value)
	case "unassign":
		rules.Unassign = inbox.UnassignRule(value)
	default:
		t.Fatalf("testdata/truth.csv:%d: unknown rule %q", d.line, name)
	}
	return rules
}

func (d decision) conversation(t *testing.T) inbox.Conversation {
	t.Helper()
	c := inbox.Conversation{ID: "c", Workspace: "w", Kind: inbox.Kind(d.kind)}
	c.Status = inbox.Open
	if d.role == string(inbox.RoleAIAgent) {
		c.OriginAgent = map[string]inbox.AgentID{"OWN": "bot", "OTHER": "other-bot"}[d.relation]
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
	for _, word := range append(append(asStrings(inbox.Features()), asStrings(inbox.WorkspaceActions())...), asStrings(inbox.Kinds())...) {
		require.Contains(t, mentioned, word)
	}
	for _, action := range inbox.Actions() {
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
