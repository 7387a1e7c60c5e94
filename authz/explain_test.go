package authz_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// The verdict of an explanation is that of the table, for every question there is. Its
// lines stand in the files as it says.
func TestExplanationsAgreeWithDecisions(t *testing.T) {
	files := presetFiles(t, "default")
	loaded, err := authz.Load(files)
	require.NoError(t, err)
	answers := authz.New(loaded)
	for _, role := range loaded.Roles() {
		for _, action := range workspace.PermActions() {
			for _, plan := range []workspace.PlanName{"free", "pro"} {
				for _, scope := range []workspace.Scope{workspace.ScopeOwn, workspace.ScopeAll} {
					q := authz.Question{Plan: plan, Role: role, Action: string(action), Kind: workspace.Livechat, Scope: scope}
					got := explain(t, loaded, files, q)
					want := answers.Scope(access.GrantQuery{Plan: plan, Role: role}, q.Kind, action) >= scope
					require.Equal(t, want, got.Allowed, "%+v", q)
					require.NotEmpty(t, got.Changes, "%+v", q)
					require.True(t, !want || len(got.Lines) > 0, "%+v", q)
				}
			}
		}
		for _, action := range workspace.WorkspaceActions() {
			q := authz.Question{Role: role, Action: string(action)}
			require.Equal(t, answers.Workspace(access.GrantQuery{Role: role}, action), explain(t, loaded, files, q).Allowed, "%+v", q)
		}
	}
	for _, plan := range loaded.Plans() {
		for _, f := range workspace.Features() {
			included, _ := answers.Includes(plan.Name, f)
			require.Equal(t, included, explain(t, loaded, files, authz.Question{Plan: plan.Name, Action: string(f)}).Allowed)
		}
	}
}

func explain(t *testing.T, policy *authz.Policy, files fstest.MapFS, q authz.Question) authz.Explanation {
	t.Helper()
	got, err := policy.Explain(q)
	require.NoError(t, err)
	for _, l := range got.Lines {
		text := strings.Split(string(files[l.File].Data), "\n")[l.Line-1]
		require.Equal(t, l.Text, strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }), ", "))
	}
	return got
}

// What an explanation says would change a verdict does change it.
func TestExplanationsChange(t *testing.T) {
	for name, c := range map[string]struct {
		question authz.Question
		changes  []string
		file     string
		old, new string
	}{
		"a scope that is too narrow": {
			authz.Question{Plan: "free", Role: "agent", Action: "takeover", Kind: workspace.Ticket, Scope: workspace.ScopeAll},
			[]string{"Write in policy.csv:73 the scope ALL, instead of TEAM.", "Give the member one of the roles that can: owner, admin, manager, senior_agent."},
			"policy.csv", "agent, *, takeover, TEAM", "agent, *, takeover, ALL",
		},
		"a plan that is too low": {
			authz.Question{Plan: "free", Role: "agent", Action: "transfer", Kind: workspace.Ticket, Scope: workspace.ScopeOwn},
			[]string{"Move the workspace to the plan lite or a higher one.", "Write in features.csv:2 the plan free or a lower one, instead of lite."},
			"features.csv", "transfer,           lite", "transfer, free",
		},
		"a line that is missing": {
			authz.Question{Plan: "free", Role: "observer", Action: "claim", Kind: workspace.Ticket, Scope: workspace.ScopeTeam},
			[]string{"Add to policy.csv: p, observer, ticket, claim, TEAM", "Give the member one of the roles that can: owner, admin, manager, senior_agent, agent."},
			"policy.csv", "p, observer, *, view, ALL", "p, observer, *, view, ALL\np, observer, ticket, claim, TEAM",
		},
		"a workspace action": {
			authz.Question{Role: "agent", Action: "audit.view"},
			[]string{"Add to policy.csv: p2, agent, audit.view", "Give the member one of the roles that can: owner, admin, manager."},
			"policy.csv", "p, observer, *, view, ALL", "p, observer, *, view, ALL\np2, agent, audit.view",
		},
		"a line that allows": {
			authz.Question{Plan: "enterprise", Role: "agent", Action: "transfer", Kind: workspace.Ticket, Scope: workspace.ScopeTeam},
			[]string{"Remove policy.csv:72, or write a scope below TEAM there."},
			"policy.csv", "agent, *, transfer, TEAM", "agent, *, transfer, OWN",
		},
		"a feature that is included": {
			authz.Question{Plan: "pro", Action: "method.random"},
			[]string{"Write in features.csv:4 the plan total or a higher one, instead of lite: pro would not include it."},
			"features.csv", "method.random,      lite", "method.random, total",
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := presetFiles(t, "default")
			before, err := authz.Load(files)
			require.NoError(t, err)
			said := explain(t, before, files, c.question)
			require.Equal(t, c.changes, said.Changes)
			files[c.file].Data = replaceOnce(t, files[c.file].Data, c.old, c.new)
			after, err := authz.Load(files)
			require.NoError(t, err)
			require.Equal(t, !said.Allowed, explain(t, after, files, c.question).Allowed)
		})
	}
}

func TestQuestionsThatThePolicyDoesNotKnow(t *testing.T) {
	loaded := preset(t, "default")
	for want, q := range map[string]authz.Question{
		`plan "gold"`:   {Plan: "gold", Role: "agent", Action: "view", Kind: workspace.Ticket, Scope: workspace.ScopeOwn},
		`role "boss"`:   {Plan: "pro", Role: "boss", Action: "view", Kind: workspace.Ticket, Scope: workspace.ScopeOwn},
		`action "veiw"`: {Plan: "pro", Role: "agent", Action: "veiw", Kind: workspace.Ticket, Scope: workspace.ScopeOwn},
		`plan ""`:       {Role: "agent", Action: "view", Kind: workspace.Ticket, Scope: workspace.ScopeOwn},
		`role ""`:       {Plan: "pro", Action: "plan.manage"},
	} {
		_, err := loaded.Explain(q)
		require.ErrorIs(t, err, authz.ErrNotAsked)
		require.ErrorContains(t, err, want)
	}
}
