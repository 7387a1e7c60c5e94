package authz_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
)

func replaceOnce(t testing.TB, data []byte, old, new string) []byte {
	t.Helper()
	require.Contains(t, string(data), old)
	return bytes.Replace(data, []byte(old), []byte(new), 1)
}

// twoPolicies are the tiny policy before and after its owner lost the right to
// see chats, and a new rung between the two got custom roles.
func twoPolicies(t testing.TB) (before, after *authz.Policy) {
	t.Helper()
	files := tiny(t)
	before, err := authz.Load(files)
	require.NoError(t, err)
	files["policy.csv"].Data = replaceOnce(t, files["policy.csv"].Data, "p, owner, *, view, ALL", "p, owner, ticket, view, OWN")
	files["policy.csv"].Data = replaceOnce(t, files["policy.csv"].Data, "plan.manage", "teams.manage")
	files["plans.csv"].Data = []byte("low\nmiddle\nhigh\n")
	files["features.csv"].Data = replaceOnce(t, files["features.csv"].Data, "roles.custom, high", "roles.custom, middle")
	after, err = authz.Load(files)
	require.NoError(t, err)
	return before, after
}

// B:Z6
func TestReplace(t *testing.T) {
	before, after := twoPolicies(t)
	policy := authz.New(before)
	owner, desk := query("low", "owner"), query("middle", "desk", role("desk", seesTeam))
	require.Equal(t, workspace.ScopeAll, policy.Scope(owner, workspace.Livechat, workspace.PermView))
	require.Equal(t, workspace.ScopeNone, policy.Scope(desk, workspace.Livechat, workspace.PermView))
	require.True(t, policy.Workspace(owner, workspace.PlanManage))
	require.Len(t, policy.Plans(), 2)

	policy.Replace(after)
	require.Equal(t, workspace.ScopeNone, policy.Scope(owner, workspace.Livechat, workspace.PermView))
	require.Equal(t, workspace.ScopeTeam, policy.Scope(desk, workspace.Livechat, workspace.PermView))
	require.False(t, policy.Workspace(owner, workspace.PlanManage))
	included, lowest := policy.Includes("middle", workspace.FeatureCustomRoles)
	require.True(t, included)
	require.Equal(t, workspace.PlanName("middle"), lowest)
	require.Len(t, policy.Plans(), 3)

	policy.Replace(before) // what was remembered of the custom role went with the policy
	require.Equal(t, workspace.ScopeNone, policy.Scope(desk, workspace.Livechat, workspace.PermView))
}

// TestReadsWhileReplacing asks from several goroutines while policies are
// swapped: each answer is that of one policy or the other. Run with -race.
func TestReadsWhileReplacing(t *testing.T) {
	before, after := twoPolicies(t)
	policy := authz.New(before, authz.WithCustomRoles(4))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for reader := range 4 {
		readers.Go(func() {
			for i := reader; ; i++ {
				select {
				case <-done:
					return
				default:
					readOnce(t, policy, i)
				}
			}
		})
	}
	for range 200 {
		policy.Replace(after)
		policy.Replace(before)
	}
	close(done)
	readers.Wait()
}

func readOnce(t *testing.T, policy *authz.Authorizer, i int) {
	if scope := policy.Scope(query("low", "owner"), workspace.Livechat, workspace.PermView); scope != workspace.ScopeAll && scope != workspace.ScopeNone {
		t.Errorf("the owner sees %s, as no policy says", scope)
	}
	desk := query("high", "desk", role("desk", seesTeam))
	desk.Rev = i % 8
	if scope := policy.Scope(desk, workspace.Livechat, workspace.PermView); scope != workspace.ScopeTeam {
		t.Errorf("the desk sees %s, and both policies say TEAM", scope)
	}
	if plans := policy.Plans(); plans[len(plans)-1].Name != "high" {
		t.Errorf("the ladder ends with %s", plans[len(plans)-1].Name)
	}
	policy.Workspace(query("low", "owner"), workspace.PlanManage)
	policy.Includes("low", workspace.FeatureCustomRoles)
}

// TestDecisionsAllocateNothing holds for presets, and for custom roles once
// they were asked for.
func TestDecisionsAllocateNothing(t *testing.T) {
	policy := authz.New(preset(t, "default"))
	agent, desk := query("pro", "agent"), query("pro", "desk", role("desk", seesTeam))
	policy.Scope(desk, workspace.Livechat, workspace.PermView)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		policy.Scope(agent, workspace.Livechat, workspace.PermTransfer)
		policy.Scope(desk, workspace.Livechat, workspace.PermView)
		policy.Workspace(agent, workspace.TeamsManage)
		policy.Includes("pro", workspace.FeatureTransfer)
	}))
}
