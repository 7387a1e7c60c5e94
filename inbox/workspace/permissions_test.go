package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

func TestScopes(t *testing.T) {
	for _, s := range []workspace.Scope{workspace.ScopeOwn, workspace.ScopeTeam, workspace.ScopeAll} {
		parsed, ok := workspace.ParseScope(s.String())
		require.True(t, ok)
		require.Equal(t, s, parsed)
	}
	for _, word := range []string{"NONE", "", "all"} {
		_, ok := workspace.ParseScope(word)
		require.False(t, ok, word)
	}
	require.Equal(t, "NONE", workspace.ScopeNone.String())
}

// B:Z1
func TestWorkspaceActions(t *testing.T) {
	w := world.NewWorld(t)
	require.NoError(t, w.Access(t, world.AsMember(world.Owner)).Require(workspace.PlanManage))
	refusal := world.Refused(t, w.Access(t, world.AsMember(world.Manager)).Require(workspace.PlanManage), inbox.PermissionDenied)
	require.Equal(t, "plan.manage", refusal.Permission)
	require.True(t, w.Access(t, world.AsMember(world.Manager)).May(workspace.TeamsManage))
	require.True(t, w.Access(t, world.AsSystem()).May(workspace.PlanManage))
	require.False(t, w.Access(t, world.AsContact("c")).May(workspace.TeamsManage))
	require.Contains(t, w.Access(t, world.AsMember(world.Owner)).Permissions(), "workspace.manage")
	require.Equal(t, []string{}, w.Access(t, world.AsContact("c")).Permissions())
	require.Equal(t, []string{"view:livechat:OWN", "reply:livechat:OWN", "close:livechat:OWN", "handoff:livechat:OWN", "view:ticket:OWN", "reply:ticket:OWN", "handoff:ticket:OWN"}, w.Access(t, world.AsAgent(world.Bot)).Permissions())
	require.Empty(t, world.AsAgent(world.Bot).Actor.Member())
	require.Equal(t, world.Me, world.AsMember(world.Me).Actor.Member())
	require.Equal(t, workspace.ScopeAll, w.Access(t, world.AsSystem()).Scope(workspace.Ticket, workspace.PermClose))
}
