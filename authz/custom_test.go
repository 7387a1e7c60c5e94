package authz_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

func role(name workspace.RoleName, permissions ...workspace.Permission) workspace.CustomRole {
	return workspace.CustomRole{Name: name, Permissions: permissions}
}

func query(plan workspace.PlanName, name workspace.RoleName, custom ...workspace.CustomRole) access.GrantQuery {
	return access.GrantQuery{Plan: plan, Role: name, Workspace: "w", Custom: custom, Rev: 1}
}

var (
	seesTeam = workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeTeam}
	seesAll  = workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}
	closeAll = workspace.Permission{Kind: workspace.Ticket, Action: workspace.PermClose, Scope: workspace.ScopeAll}
	watchAll = workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermMonitor, Scope: workspace.ScopeAll}
)

// B:Z2, B:Z3
func TestCustomRoles(t *testing.T) {
	standard := preset(t, "default")
	for name, c := range map[string]struct {
		query  access.GrantQuery
		kind   workspace.Kind
		action workspace.PermAction
		want   workspace.Scope
	}{
		"granted":                        {query("pro", "desk", role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeTeam},
		"other kind":                     {query("pro", "desk", role("desk", seesTeam)), workspace.Ticket, workspace.PermView, workspace.ScopeNone},
		"other action":                   {query("pro", "desk", role("desk", seesTeam)), workspace.Livechat, workspace.PermReply, workspace.ScopeNone},
		"among several":                  {query("pro", "desk", role("shop", closeAll), role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeTeam},
		"of another role":                {query("pro", "desk", role("shop", closeAll), role("desk", seesTeam)), workspace.Ticket, workspace.PermClose, workspace.ScopeNone},
		"widest of two lines":            {query("pro", "desk", role("desk", seesTeam, seesAll)), workspace.Livechat, workspace.PermView, workspace.ScopeAll},
		"the same line twice":            {query("pro", "desk", role("desk", seesTeam, seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeTeam},
		"the same role twice":            {query("pro", "desk", role("desk", seesTeam), role("desk", closeAll)), workspace.Ticket, workspace.PermClose, workspace.ScopeAll},
		"no such role":                   {query("pro", "dsek", role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"no name":                        {query("pro", "", role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"empty role":                     {query("pro", "desk", role("desk")), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"plan without custom roles":      {query("lite", "desk", role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"plan off the ladder":            {query("gold", "desk", role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"no plan":                        {query("", "desk", role("desk", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"a feature of the plan":          {query("pro", "desk", role("desk", watchAll)), workspace.Livechat, workspace.PermMonitor, workspace.ScopeAll},
		"name of a preset":               {query("pro", "observer", role("observer", closeAll)), workspace.Ticket, workspace.PermClose, workspace.ScopeNone},
		"name of a preset, off ladder":   {query("gold", "observer", role("observer", seesAll)), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"name of the empty preset":       {query("pro", "partner", role("partner", closeAll)), workspace.Ticket, workspace.PermClose, workspace.ScopeNone},
		"preset role beside it":          {query("pro", "observer", role("desk", seesTeam)), workspace.Ticket, workspace.PermView, workspace.ScopeAll},
		"every kind is no kind":          {query("pro", "desk", role("desk", workspace.Permission{Kind: "*", Action: workspace.PermView, Scope: workspace.ScopeAll})), workspace.Livechat, workspace.PermView, workspace.ScopeNone},
		"unknown action":                 {query("pro", "desk", role("desk", workspace.Permission{Kind: workspace.Ticket, Action: "delete", Scope: workspace.ScopeAll})), workspace.Ticket, "delete", workspace.ScopeNone},
		"no scope":                       {query("pro", "desk", role("desk", workspace.Permission{Kind: workspace.Ticket, Action: workspace.PermView})), workspace.Ticket, workspace.PermView, workspace.ScopeNone},
		"scope beyond all":               {query("pro", "desk", role("desk", workspace.Permission{Kind: workspace.Ticket, Action: workspace.PermView, Scope: 9})), workspace.Ticket, workspace.PermView, workspace.ScopeNone},
		"bad line does not hide another": {query("pro", "desk", role("desk", workspace.Permission{Kind: "FAX", Action: workspace.PermView, Scope: workspace.ScopeAll}, seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeTeam},
		"name that looks like a line":    {query("pro", "a, b\nc", role("a, b\nc", seesTeam)), workspace.Livechat, workspace.PermView, workspace.ScopeTeam},
	} {
		t.Run(name, func(t *testing.T) {
			policy := authz.New(standard)
			for range 2 { // decided, then remembered
				require.Equal(t, c.want, policy.Scope(c.query, c.kind, c.action))
			}
		})
	}
}

// TestCustomRoleNeedsFeature proves that a custom role cannot give what the
// plan does not: here custom roles stand below monitoring. B:Z3
func TestCustomRoleNeedsFeature(t *testing.T) {
	files := tiny(t)
	files["features.csv"].Data = replaceOnce(t, files["features.csv"].Data, "roles.custom, high", "roles.custom, low")
	loaded, err := authz.Load(files)
	require.NoError(t, err)
	policy := authz.New(loaded)
	require.Equal(t, workspace.ScopeNone, policy.Scope(query("low", "desk", role("desk", watchAll)), workspace.Livechat, workspace.PermMonitor))
	require.Equal(t, workspace.ScopeAll, policy.Scope(query("high", "desk", role("desk", watchAll)), workspace.Livechat, workspace.PermMonitor))
}

func TestCustomRolesHoldNoWorkspaceAction(t *testing.T) {
	policy := authz.New(preset(t, "default"))
	for _, action := range workspace.WorkspaceActions() {
		require.False(t, policy.Workspace(query("enterprise", "desk", role("desk", seesAll)), action))
	}
}

// TestCustomRolesAreTheWorkspaces proves that what is remembered of one
// workspace, revision or plan does not answer for another. B:Z6, B:Z7
func TestCustomRolesAreTheWorkspaces(t *testing.T) {
	policy := authz.New(preset(t, "default"))
	view := func(q access.GrantQuery) workspace.Scope {
		return policy.Scope(q, workspace.Livechat, workspace.PermView)
	}
	mine := query("pro", "desk", role("desk", seesAll))
	require.Equal(t, workspace.ScopeAll, view(mine))

	other := query("pro", "desk", role("desk", seesTeam))
	other.Workspace = "x"
	require.Equal(t, workspace.ScopeTeam, view(other))

	edited := query("pro", "desk", role("desk", seesTeam))
	edited.Rev = 2
	require.Equal(t, workspace.ScopeTeam, view(edited))

	lowered := mine
	lowered.Plan = "free"
	require.Equal(t, workspace.ScopeNone, view(lowered))
	require.Equal(t, workspace.ScopeAll, view(mine))

	for _, want := range []workspace.Permission{seesAll, seesTeam} { // without a workspace nothing is remembered
		nameless := query("pro", "desk", role("desk", want))
		nameless.Workspace = ""
		require.Equal(t, want.Scope, view(nameless))
	}
}

// TestCustomRolesAreBounded proves that what was forgotten is decided again.
func TestCustomRolesAreBounded(t *testing.T) {
	standard := preset(t, "default")
	for _, most := range []int{-1, 1, 2} {
		policy := authz.New(standard, authz.WithCustomRoles(most))
		for i := range 12 {
			q, want := query("pro", "desk", role("desk", seesTeam)), workspace.ScopeTeam
			if i%2 == 0 {
				q, want = query("pro", "desk", role("desk", seesAll)), workspace.ScopeAll
			}
			q.Workspace = workspace.WorkspaceID(fmt.Sprint("w", i%4))
			require.Equal(t, want, policy.Scope(q, workspace.Livechat, workspace.PermView))
		}
	}
}
