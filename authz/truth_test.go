package authz_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/authz/truth"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// decisions are the lines of testdata/truth.csv, which explains the columns.
func decisions(t *testing.T) []truth.Case {
	t.Helper()
	file, err := os.Open("testdata/truth.csv")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	all, err := truth.Read(file)
	require.NoError(t, err)
	return all
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
	for _, c := range rows {
		policy := policies[c.Policy]
		require.NotNil(t, policy, "line %d", c.Line)
		got, err := c.Ask(policy, chatDesk())
		require.NoError(t, err)
		if got != c.Answer {
			t.Errorf("testdata/truth.csv:%d: got %s, want %s for %+v", c.Line, got, c.Answer, c)
		}
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

// TestTruthCovers makes sure that no role, plan, feature, workspace action or
// value of a rule is left out of the table.
func TestTruthCovers(t *testing.T) {
	mentioned := map[string]bool{}
	for _, d := range decisions(t) {
		for _, word := range append(strings.Split(d.Role, "+"), d.Policy+" "+d.Plan, d.Action, d.Kind, d.Relation, d.Rule, d.Reason) {
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
