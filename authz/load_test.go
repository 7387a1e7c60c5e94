package authz_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// tiny is the least policy that loads, to be changed by tests.
func tiny(t testing.TB) fstest.MapFS {
	t.Helper()
	model, err := os.ReadFile("policies/default/model.conf")
	require.NoError(t, err)
	features := []string{}
	for _, f := range workspace.Features() {
		features = append(features, string(f)+", high")
	}
	return fstest.MapFS{
		"model.conf":   {Data: model},
		"plans.csv":    {Data: []byte("low\nhigh\n")},
		"features.csv": {Data: []byte(strings.Join(features, "\n"))},
		"roles.csv":    {Data: []byte("owner\nai_agent\nintegration\n")},
		"policy.csv":   {Data: []byte("# comment\np, owner, *, view, ALL\n\np, ai_agent, livechat, reply, OWN\np2, owner, plan.manage\n")},
	}
}

func requirePolicyError(t *testing.T, err error, file string, line int, problem, mend string) {
	t.Helper()
	var wrong *authz.PolicyError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, file, wrong.File)
	require.Equal(t, line, wrong.Line, wrong.Error())
	require.Contains(t, wrong.Problem, problem)
	require.Contains(t, wrong.Fix, mend)
	require.Contains(t, wrong.Error(), wrong.File)
	require.Contains(t, wrong.Error(), wrong.Problem)
	require.Contains(t, wrong.Error(), wrong.Fix)
}

func TestTinyPolicyLoads(t *testing.T) {
	policy, err := authz.Load(tiny(t))
	require.NoError(t, err)
	answers := authz.New(policy)
	ask := func(plan, role string, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
		return answers.Scope(access.GrantQuery{Plan: workspace.PlanName(plan), Role: workspace.RoleName(role)}, kind, action)
	}
	require.Equal(t, workspace.ScopeAll, ask("low", "owner", workspace.Ticket, workspace.PermView))
	require.Equal(t, workspace.ScopeNone, ask("low", "owner", workspace.Ticket, workspace.PermReply))
	require.Equal(t, workspace.ScopeOwn, ask("high", "ai_agent", workspace.Livechat, workspace.PermReply))
	require.Equal(t, workspace.ScopeNone, ask("high", "ai_agent", workspace.Ticket, workspace.PermReply))
	require.True(t, answers.Workspace(access.GrantQuery{Role: "owner"}, workspace.PlanManage))
	require.False(t, answers.Workspace(access.GrantQuery{Role: "owner"}, workspace.TeamsManage))
}

// TestBrokenPolicies breaks the tiny policy in one place at a time.
func TestBrokenPolicies(t *testing.T) {
	for name, c := range map[string]struct {
		file, old, new string
		line           int
		problem, mend  string
	}{
		"empty plans":         {"plans.csv", "low\nhigh\n", "", 0, "no line that counts", "free"},
		"only comments":       {"plans.csv", "low\nhigh\n", "# low\n\n  \n", 0, "no line that counts", "free"},
		"duplicate rung":      {"plans.csv", "high", "low", 2, `plan "low" stands here twice`, "Remove"},
		"plan with a column":  {"plans.csv", "high", "high, 2, x, y", 2, "4 fields and should have 1 to 3", "free"},
		"plan in capitals":    {"plans.csv", "low", "Low", 1, `"Low" cannot be the name of a plan`, "a-z"},
		"plan and semicolons": {"plans.csv", "low", "low;Low", 1, "cannot be the name", "a-z"},
		"plans of one label":  {"plans.csv", "high", "high, LOW", 2, `"low" and "high" are both called "LOW"`, "another label"},
		"label of two lines":  {"plans.csv", "high", "high, \"a\nb\"", 2, "cannot be shown", "letters"},
		"label too long":      {"plans.csv", "high", "high, " + strings.Repeat("é", 61), 2, "more than 60 characters", "Shorten"},
		"role story too long": {"roles.csv", "ai_agent", "ai_agent, AI, " + strings.Repeat("é", 301), 2, "more than 300 characters", "Shorten"},
		"UTF-16":              {"plans.csv", "*", "l\x00o\x00w\x00\n\x00", 0, "not UTF-8", "CSV UTF-8"},
		"Latin-1":             {"plans.csv", "high", "high, H\xf6her", 0, "not UTF-8", "CSV UTF-8"},
		"semicolons":          {"features.csv", "transfer, high", "transfer;high", 1, "between semicolons", "transfer, low"},
		"plan without end":    {"plans.csv", "high", strings.Repeat("h", 41), 2, "cannot be the name", "1 to 40"},
		"too many plans":      {"plans.csv", "high", manyNames(10) + "high", 11, "more lines than the 10", "Remove"},
		"open quote":          {"plans.csv", "high", `"high`, 2, "not CSV", "double quotes"},

		"empty features":       {"features.csv", "*", "", 0, "no line that counts", "transfer, low"},
		"feature misspelled":   {"features.csv", "transfer", "trasnfer", 1, `"trasnfer" is no feature`, "transfer, takeover"},
		"feature without line": {"features.csv", "transfer, high\n", "", 0, `"transfer" has no line`, "transfer, low"},
		"feature twice":        {"features.csv", "takeover", "transfer", 2, "Line 1", "Keep one"},
		"plan misspelled":      {"features.csv", "monitor, high", "monitor, hihg", 8, `"hihg" is no plan`, "low, high"},
		"feature without plan": {"features.csv", "monitor, high", "monitor", 8, "1 fields and should have 2", "transfer, low"},

		"no owner":       {"roles.csv", "owner", "boss", 0, `no role "owner"`, `"owner"`},
		"no ai agent":    {"roles.csv", "ai_agent\n", "", 0, `no role "ai_agent"`, `"ai_agent"`},
		"no integration": {"roles.csv", "integration", "partner", 0, `no role "integration"`, `"integration"`},
		"empty roles":    {"roles.csv", "*", "", 0, "no line that counts", "owner"},
		"duplicate role": {"roles.csv", "integration", "integration\nowner", 4, `role "owner" stands here twice`, "Remove"},
		"role of all":    {"roles.csv", "ai_agent", "*", 2, `"*" cannot be the name of a role`, "a-z"},
		"too many roles": {"roles.csv", "owner", manyNames(30) + "owner", 31, "more lines than the 30", "Remove"},

		"empty policy":         {"policy.csv", "*", "", 0, "no line that counts", "p, owner"},
		"kind misspelled":      {"policy.csv", "livechat", "livechta", 4, `"livechta" is no kind`, "livechat, ticket"},
		"kind in capitals":     {"policy.csv", "livechat", "LIVECHAT", 4, `"LIVECHAT" is no kind`, "livechat"},
		"action misspelled":    {"policy.csv", "reply", "replay", 4, `"replay" is no action`, "view, reply"},
		"scope misspelled":     {"policy.csv", "OWN", "MINE", 4, `"MINE" is no scope`, "ALL, TEAM, OWN"},
		"absent scope":         {"policy.csv", "OWN", "NONE", 4, `"NONE" is no scope`, "ALL, TEAM, OWN"},
		"role misspelled":      {"policy.csv", "ai_agent", "ai-agent", 4, `"ai-agent" is no role`, "roles.csv"},
		"duty misspelled":      {"policy.csv", "plan.manage", "plans.manage", 5, `"plans.manage" is no workspace action`, "plan.manage"},
		"duty of a stranger":   {"policy.csv", "p2, owner", "p2, boss", 5, `"boss" is no role`, "roles.csv"},
		"sort misspelled":      {"policy.csv", "p2", "q", 5, `"q" is no sort of line`, "p, p2"},
		"too few fields":       {"policy.csv", ", OWN", "", 4, "4 fields and should have 5", "p, owner, *, view, ALL"},
		"too many fields":      {"policy.csv", "plan.manage", "plan.manage, ALL", 5, "4 fields and should have 3", "p2, owner"},
		"two scopes":           {"policy.csv", "p2", "p, owner, *, view, OWN\np2", 5, "Line 2", "Keep one"},
		"duty twice":           {"policy.csv", "plan.manage", "plan.manage\np2, owner, plan.manage", 6, "Line 5", "Keep one"},
		"owner without grants": {"policy.csv", "p, owner, *, view, ALL", "", 0, `role "owner" holds nothing`, "p, owner"},

		"empty model":           {"model.conf", "*", "", 0, "Casbin cannot work", "preset"},
		"not a model":           {"model.conf", "*", "what is this\n", 0, "Casbin cannot work", "preset"},
		"question missing":      {"model.conf", "m2 = ", "m9 = ", 0, `"m2" is not defined`, "preset"},
		"ladder missing":        {"model.conf", "g = _, _", "", 0, `"g" is not defined`, "preset"},
		"question cut short":    {"model.conf", "r = role, plan, kind, action, scope", "r = role, plan, kind, action", 6, "4 fields and needs 5", "preset"},
		"function misspelled":   {"model.conf", "&& reaches(", "&& reachs(", 33, "Casbin cannot work", "preset"},
		"word misspelled":       {"model.conf", "r2.role ==", "r2.rol ==", 34, "Casbin cannot work", "preset"},
		"function with one":     {"model.conf", "reaches(p.scope, r.scope)", "reaches(p.scope)", 33, "two words", "preset"},
		"function of no word":   {"model.conf", "reaches(p.scope, r.scope)", "reaches(p.scope, 1)", 33, "two words", "preset"},
		"matcher of no verdict": {"model.conf", "m2 = r2.role == p2.role", "m2 = p2.role", 34, "Casbin cannot work", "preset"},
		"effect unknown":        {"model.conf", "e3 = some(where (p.eft == allow))", "e3 = most(where (p.eft == allow))", 35, "Casbin cannot work", "preset"},
		"yes to everybody":      {"model.conf", "m = r.role == p.role && ", "m = ", 0, "role that does not exist", "preset"},
		"any duty to everybody": {"model.conf", "m2 = r2.role == p2.role && r2.action", "m2 = p2.action", 0, "role that does not exist", "preset"},
		"widest scope only":     {"model.conf", "reaches(p.scope, r.scope)", "p.scope == r.scope", 33, "owner has view at ALL but not at TEAM", "preset"},
		"one rung only":         {"model.conf", "g(r3.plan, p3.plan)", `r3.plan == "low"`, 35, `the plan "high" loses the feature`, "preset"},
	} {
		t.Run(name, func(t *testing.T) {
			policy := tiny(t)
			before := string(policy[c.file].Data)
			after := c.new
			if c.old != "*" {
				require.Contains(t, before, c.old)
				after = strings.Replace(before, c.old, c.new, 1)
			}
			policy[c.file] = &fstest.MapFile{Data: []byte(after)}
			_, err := authz.Load(policy)
			requirePolicyError(t, err, c.file, c.line, c.problem, c.mend)
		})
	}
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("name-" + string(rune('a'+i/10)) + string(rune('0'+i%10)) + "\n")
	}
	return b.String()
}

// TestLongestLadder proves that the highest of 10 plans has what the lowest has.
func TestLongestLadder(t *testing.T) {
	files := tiny(t)
	files["plans.csv"].Data = []byte(manyNames(10))
	files["features.csv"].Data = []byte(strings.ReplaceAll(string(files["features.csv"].Data), "high", "name-a0"))
	loaded, err := authz.Load(files)
	require.NoError(t, err)
	for _, plan := range loaded.Plans() {
		included, _ := authz.New(loaded).Includes(plan.Name, workspace.FeatureMonitor)
		require.True(t, included, plan.Name)
	}
}

func TestEachFileIsNeeded(t *testing.T) {
	for name := range tiny(t) {
		policy := tiny(t)
		delete(policy, name)
		_, err := authz.Load(policy)
		requirePolicyError(t, err, name, 0, "missing", "Copy it from a preset")

		policy[name] = &fstest.MapFile{Data: make([]byte, 1<<20+1)}
		_, err = authz.Load(policy)
		requirePolicyError(t, err, name, 0, "longer than 1 MiB", "policy file")

		policy[name] = &fstest.MapFile{Mode: fs.ModeDir}
		_, err = authz.Load(policy)
		requirePolicyError(t, err, name, 0, "cannot be read", "read it")
	}
}

func TestLoadDir(t *testing.T) {
	dir := t.TempDir()
	policy := tiny(t)
	for name, file := range policy {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), file.Data, 0o600))
	}
	_, err := authz.LoadDir(dir)
	require.NoError(t, err)

	plans := filepath.Join(dir, "plans.csv")
	require.NoError(t, os.WriteFile(plans, []byte("low\nlow\n"), 0o600))
	_, err = authz.LoadDir(dir)
	requirePolicyError(t, err, plans, 2, "twice", "Remove")

	require.NoError(t, os.Remove(plans))
	_, err = authz.LoadDir(dir)
	requirePolicyError(t, err, plans, 0, "missing", "Copy it")

	_, err = authz.LoadDir(filepath.Join(dir, "nowhere"))
	requirePolicyError(t, err, filepath.Join(dir, "nowhere"), 0, "no such folder", "model.conf")
	_, err = authz.LoadDir(filepath.Join(dir, "roles.csv"))
	requirePolicyError(t, err, filepath.Join(dir, "roles.csv"), 0, "no such folder", "model.conf")
}
