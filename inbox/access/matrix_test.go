package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Each state, action and caller has one verdict, and it is the one expected.
// B:Z5
func TestMatrix(t *testing.T) {
	w := world.NewWorld(t)
	seen := map[string]string{}
	stateNames := map[string]bool{}
	for _, r := range world.ReadTable(t, "matrix.csv") {
		stateNames[r.Get(t, "state")] = true
		for _, who := range strings.Fields(r.Get(t, "who")) {
			key := strings.Join([]string{r.Get(t, "state"), r.Get(t, "action"), who}, " / ")
			require.NotContains(t, seen, key, "%s: a second verdict", r)
			seen[key] = r.String()
			checkVerdict(t, w, r, who)
		}
	}
	require.Len(t, stateNames, 14)
	require.Len(t, seen, len(stateNames)*len(access.Actions())*len(world.Callers()), "a caller is missing somewhere")
}

// Each workspace rule that decides who may do what has rows for each of its values. B:A6, B:T5, B:K3, B:H2, B:C1, B:S1, B:Z3, B:Z8
func TestMatrixUnderRules(t *testing.T) {
	shared := world.NewWorld(t)
	seen := map[string]bool{}
	for _, r := range world.ReadTable(t, "rules.csv") {
		w := shared.Clone()
		world.SetRule(t, &w.Roster.Workspace, r.Get(t, "rule"), r.Get(t, "value"))
		seen[r.Get(t, "rule")+"="+r.Get(t, "value")] = true
		for _, who := range strings.Fields(r.Get(t, "who")) {
			checkVerdict(t, w, r, who)
		}
	}
	for rule, values := range map[string][]string{
		"unassign":           {"ASSIGNEE_OR_MANAGER", "ASSIGNEE_ONLY", "MANAGERS_ONLY", "ANY_MEMBER"},
		"transferActor":      {"ASSIGNEE_ONLY", "MANAGERS_DIRECT", "ANY_MEMBER"},
		"takeoverUnassigned": {"CLAIM", "REJECT"},
		"closeActor":         {"ASSIGNEE_OR_MANAGER", "ASSIGNEE_ONLY", "ANY_MEMBER"},
		"contactMayClose":    {"true", "false"},
		"sendPolicy":         {"OWNER_IF_OWNED", "ASSIGNEE_ALWAYS", "ANYONE"},
		"visibility":         {"SCOPED", "EXCLUSIVE", "OPEN"},
		"aiWhilePending":     {"CONTINUE", "PAUSE"},
		"plan":               {"free", "lite", "pro"},
	} {
		for _, value := range values {
			require.True(t, seen[rule+"="+value], "no row for %s=%s", rule, value)
		}
	}
}

func checkVerdict(t *testing.T, w *world.World, r world.Row, who string) {
	t.Helper()
	p, known := world.Callers()[who]
	require.True(t, known, "%s: %s is no caller; there are %v", r, who, world.Names(world.Callers()))
	own := world.Mate
	if p.Actor.Kind == workspace.ActorMember {
		own = p.Actor.Member()
	}
	c, known := world.States(own)[r.Get(t, "state")]
	require.True(t, known, "%s: there are %q", r, world.Names(world.States(own)))
	action := inbox.Action(r.Get(t, "action"))
	require.Contains(t, access.Actions(), action, r)

	access := w.Access(t, p)
	verdict := access.Can(c, action)
	require.Equal(t, action, verdict.Action)
	if got := describe(verdict, c.Kind); got != r.Get(t, "verdict") {
		t.Errorf("%s: %s of %q by %s: got %q, want %q", r, action, r.Get(t, "state"), who, got, r.Get(t, "verdict"))
	}
	checkRefusal(t, access, c, verdict)
}

// checkRefusal demands that enforcement says what the verdict says.
func checkRefusal(t *testing.T, a access.Access, c inbox.Conversation, v access.Verdict) {
	t.Helper()
	err := a.Refusal(c, v)
	if v.Allowed {
		require.NoError(t, err)
		return
	}
	var refusal *inbox.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, v.Code, refusal.Code)
	require.Equal(t, v.Hint, refusal.Hint)
	require.Equal(t, v.Permission, refusal.Permission)
	if v.Code == inbox.InvalidInput {
		require.Equal(t, []string{"conversationId"}, refusal.Field)
	}
	require.NotContains(t, refusal.Message, "not possible now", "a code without advice")
	if v.Hint != "" {
		require.True(t, a.Can(c, v.Hint).Allowed, "the hint %s would be refused as well", v.Hint)
	}
}

// describe writes a verdict as the tables do.
func describe(v access.Verdict, kind workspace.Kind) string {
	text := fmt.Sprintf("%s %s", v.Reason, v.Code)
	switch {
	case v.Allowed:
		text = "allow"
	case v.Reason == access.DeniedByPermission && v.Code == inbox.PermissionDenied:
		action, scope, ok := strings.Cut(v.Permission, ":"+strings.ToLower(string(kind))+":")
		text = "lacks " + action + ":" + scope
		if !ok {
			text = "lacks a permission of another kind: " + v.Permission
		}
	case v.Reason == access.DeniedByPlan && v.Code == inbox.PlanRequired:
		text = fmt.Sprintf("needs plan %s for %s", v.RequiredPlan, v.Feature)
	case string(v.Reason) == string(v.Code):
		text = string(v.Code)
	}
	if v.Hint != "" {
		text += " > " + string(v.Hint)
	}
	return text
}

// Below the plan that has monitors, the plan is why what others own is hidden.
// B:Z3, B:Z8
func TestExclusiveBelowThePlanOfMonitors(t *testing.T) {
	w := world.NewWorld(t)
	w.Roster.Workspace.Plan = "lite"
	w.Rules(func(r *workspace.Rules) { r.Visibility = workspace.VisibleExclusive })
	all := world.States(world.Manager)
	a := w.Access(t, world.AsMember(world.Manager))
	require.Equal(t, "needs plan pro for monitor", describe(a.Can(all["chat: a teammate's"], inbox.ActionView), workspace.Livechat))
	require.False(t, a.VisibilityFilter().Matches(all["chat: a teammate's"]))
	require.True(t, a.Can(all["chat: mine"], inbox.ActionView).Allowed)
	require.True(t, a.Can(all["chat: queued in my team"], inbox.ActionView).Allowed)
}

// An action that nobody knows is refused, not ignored.
func TestUnknownAction(t *testing.T) {
	v := world.NewWorld(t).Access(t, world.AsMember(world.Owner)).Can(world.NewConversation(workspace.Livechat), "DANCE")
	require.False(t, v.Allowed)
	require.Equal(t, inbox.InvalidInput, v.Code)
}

// A verdict is the same whichever of a member's roles gives it. B:Z1
func TestWidestRoleCounts(t *testing.T) {
	w := world.NewWorld(t)
	w.Member(world.Me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer", "agent", "no-such-role"} })
	a := w.Access(t, world.AsMember(world.Me))
	require.Equal(t, workspace.ScopeAll, a.Scope(workspace.Livechat, workspace.PermView))
	require.Equal(t, workspace.ScopeTeam, a.Scope(workspace.Livechat, workspace.PermReply))
	require.Equal(t, workspace.ScopeNone, a.Scope(workspace.Livechat, workspace.PermMonitor))
	held := a.Permissions()
	require.True(t, slices.Contains(held, "view:livechat:ALL") && slices.Contains(held, "close:ticket:TEAM"), held)
	require.NotContains(t, held, string(workspace.MembersManage))
}
