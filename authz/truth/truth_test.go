package truth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/authz/truth"
	"switchboard/inbox/workspace"
)

func policy(t *testing.T) *authz.Authorizer {
	t.Helper()
	loaded, err := authz.Preset("default")
	require.NoError(t, err)
	return authz.New(loaded)
}

// A table of one's own is written as spreadsheets and people write it.
func TestATableOfOnesOwn(t *testing.T) {
	cases, err := truth.Read(strings.NewReader("\ufeffPlan, Role, Action, Kind, Relation, Verdict, Reason\r\n" +
		"# a comment\r\npro, agent, TRANSFER, livechat, mine, allow\r\n,,,,,\r\nfree, agent, TRANSFER, ticket, mine, DENY, PLAN\r\n" +
		"free, agent, transfer, ticket, teammate, deny\r\npro,, monitor,,, allow\r\n, owner, plan.manage,,, allow\r\n"))
	require.NoError(t, err)
	require.Len(t, cases, 5)
	require.Equal(t, 3, cases[0].Line)
	for _, c := range cases {
		require.NoError(t, c.Check(policy(t)))
		got, err := c.Ask(policy(t))
		require.NoError(t, err)
		require.True(t, got.Meets(c.Answer), "%+v: %s", c, got)
	}
}

// A wrong word is an error and no denial.
func TestWrongTables(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                "no line to ask",
		"action,verdict\n":                                "no line to ask",
		"plan,role\nx,y\n":                                "action and verdict are needed",
		"action,verdikt\nx,y\n":                           `no column "verdikt"`,
		"action,verdict,action\n":                         "twice",
		"action,verdict\nx,yes\n":                         `line 2: "yes" is no verdict`,
		"action,verdict\nx,allow,PLAN\n":                  "more fields",
		"action,kind,verdict\nx,chat,allow\n":             `"chat" is no kind`,
		"action,verdict\n\"x,allow\n":                     "not CSV",
		"plan,action,verdict\npro,transfre,allow\n":       `no feature "transfre"`,
		"plan,action,verdict\ngold,transfer,allow\n":      `no plan "gold"`,
		"role,action,verdict\nboss,plan.manage,allow\n":   `no role "boss"`,
		"role,action,verdict\nowner,plans.manage,allow\n": `no workspace action "plans.manage"`,
		"plan,role,action,kind,relation,verdict\npro,owner,VEIW,ticket,OWN,allow\n":                   `no action "VEIW"`,
		"plan,role,action,kind,relation,verdict\npro,owner,VIEW,ticket,his,allow\n":                   `no relation "his"`,
		"plan,role,action,kind,relation,verdict\npro,ai_agent,VIEW,ticket,TEAM,allow\n":               "AI agent",
		"plan,role,action,kind,relation,verdict\n,owner,VIEW,ticket,OWN,allow\n":                      `no plan ""`,
		"plan,role,action,kind,relation,rule,verdict\npro,owner,VIEW,ticket,OWN,x=1,allow\n":          `no rule "x"`,
		"plan,role,action,kind,relation,rule,verdict\npro,owner,VIEW,ticket,OWN,closeActor=1,allow\n": "cannot be so",
	} {
		cases, err := truth.Read(strings.NewReader(text))
		if err == nil {
			if err = cases[0].Check(policy(t)); err == nil {
				_, err = cases[0].Ask(policy(t))
			}
		}
		var wrong *truth.Error
		require.ErrorAs(t, err, &wrong, "%q", text)
		require.Contains(t, err.Error(), want)
	}
}

// The scope of a relation is the one that the domain finds.
func TestScopes(t *testing.T) {
	for relation, want := range map[string]workspace.Scope{
		"mine": workspace.ScopeOwn, "OWN": workspace.ScopeOwn, "teammate": workspace.ScopeTeam, "team_queue": workspace.ScopeTeam,
		"pool": workspace.ScopeTeam, "other": workspace.ScopeAll, "stranger": workspace.ScopeAll, "other_queue": workspace.ScopeAll, "his": workspace.ScopeNone,
	} {
		require.Equal(t, want, truth.ScopeOf(relation), relation)
	}
}
