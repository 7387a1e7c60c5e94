package authz_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
)

func role(name inbox.RoleName, permissions ...inbox.Permission) inbox.CustomRole {
	return inbox.CustomRole{Name: name, Permissions: permissions}
}

func query(plan inbox.PlanName, name inbox.RoleName, custom ...inbox.CustomRole) inbox.GrantQuery {
	return inbox.GrantQuery{Plan: plan, Role: name, Workspace: "w", Custom: custom, Rev: 1}
}

var (
	seesTeam = inbox.Permission{Kind: inbox.Livechat, Action: inbox.PermView, Scope: inbox.ScopeTeam}
	seesAll  = inbox.Permission{Kind: inbox.Livechat, Action: inbox.PermView, Scope: inbox.ScopeAll}
	closeAll = inbox.Permission{Kind: inbox.Ticket, Action: inbox.PermClose, Scope: inbox.ScopeAll}
	watchAll = inbox.Permission{Kind: inbox.Livechat, Action: inbox.PermMonitor, Scope: inbox.ScopeAll}
)

// B:Z2, B:Z3
func TestCustomRoles(t *testing.T) {
	standard := preset(t, "default")
	for name, c := range map[string]struct {
		query  inbox.GrantQuery
		kind   inbox.Kind
		action inbox.PermAction
		want   inbox.Scope
	}{
		"granted":                        {query("pro", "desk", role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeTeam},
		"other kind":                     {query("pro", "desk", role("desk", seesTeam)), inbox.Ticket, inbox.PermView, inbox.ScopeNone},
		"other action":                   {query("pro", "desk", role("desk", seesTeam)), inbox.Livechat, inbox.PermReply, inbox.ScopeNone},
		"among several":                  {query("pro", "desk", role("shop", closeAll), role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeTeam},
		"of another role":                {query("pro", "desk", role("shop", closeAll), role("desk", seesTeam)), inbox.Ticket, inbox.PermClose, inbox.ScopeNone},
		"widest of two lines":            {query("pro", "desk", role("desk", seesTeam, seesAll)), inbox.Livechat, inbox.PermView, inbox.ScopeAll},
		"the same line twice":            {query("pro", "desk", role("desk", seesTeam, seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeTeam},
		"the same role twice":            {query("pro", "desk", role("desk", seesTeam), role("desk", closeAll)), inbox.Ticket, inbox.PermClose, inbox.ScopeAll},
		"no such role":                   {query("pro", "dsek", role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"no name":                        {query("pro", "", role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"empty role":                     {query("pro", "desk", role("desk")), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"plan without custom roles":      {query("lite", "desk", role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"plan off the ladder":            {query("gold", "desk", role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"no plan":                        {query("", "desk", role("desk", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"a feature of the plan":          {query("pro", "desk", role("desk", watchAll)), inbox.Livechat, inbox.PermMonitor, inbox.ScopeAll},
		"name of a preset":               {query("pro", "observer", role("observer", closeAll)), inbox.Ticket, inbox.PermClose, inbox.ScopeNone},
		"name of a preset, off ladder":   {query("gold", "observer", role("observer", seesAll)), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"name of the empty preset":       {query("pro", "partner", role("partner", closeAll)), inbox.Ticket, inbox.PermClose, inbox.ScopeNone},
		"preset role beside it":          {query("pro", "observer", role("desk", seesTeam)), inbox.Ticket, inbox.PermView, inbox.ScopeAll},
		"every kind is no kind":          {query("pro", "desk", role("desk", inbox.Permission{Kind: "*", Action: inbox.PermView, Scope: inbox.ScopeAll})), inbox.Livechat, inbox.PermView, inbox.ScopeNone},
		"unknown action":                 {query("pro", "desk", role("desk", inbox.Permission{Kind: inbox.Ticket, Action: "delete", Scope: inbox.ScopeAll})), inbox.Ticket, "delete", inbox.ScopeNone},
		"no scope":                       {query("pro", "desk", role("desk", inbox.Permission{Kind: inbox.Ticket, Action: inbox.PermView})), inbox.Ticket, inbox.PermView, inbox.ScopeNone},
		"scope beyond all":               {query("pro", "desk", role("desk", inbox.Permission{Kind: inbox.Ticket, Action: inbox.PermView, Scope: 9})), inbox.Ticket, inbox.PermView, inbox.ScopeNone},
		"bad line does not hide another": {query("pro", "desk", role("desk", inbox.Permission{Kind: "FAX", Action: inbox.PermView, Scope: inbox.ScopeAll}, seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeTeam},
		"name that looks like a line":    {query("pro", "a, b\nc", role("a, b\nc", seesTeam)), inbox.Livechat, inbox.PermView, inbox.ScopeTeam},
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
	require.Equal(t, inbox.ScopeNone, policy.Scope(query("low", "desk", role("desk", watchAll)), inbox.Livechat, inbox.PermMonitor))
	require.Equal(t, inbox.ScopeAll, policy.Scope(query("high", "desk", role("desk", watchAll)), inbox.Livechat, inbox.PermMonitor))
}

func TestCustomRolesHoldNoWorkspaceAction(t *testing.T) {
	policy := authz.New(preset(t, "default"))
	for _, action := range inbox.WorkspaceActions() {
		require.False(t, policy.Workspace(query("enterprise", "desk", role("desk", seesAll)), action))
	}
}

// TestCustomRolesAreTheWorkspaces proves that what is remembered of one
// workspace, revision or plan does not answer for another. B:Z6, B:Z7
func TestCustomRolesAreTheWorkspaces(t *testing.T) {
	policy := authz.New(preset(t, "default"))
	view := func(q inbox.GrantQuery) inbox.Scope { return policy.Scope(q, inbox.Livechat, inbox.PermView) }
	mine := query("pro", "desk", role("desk", seesAll))
	require.Equal(t, inbox.ScopeAll, view(mine))

	other := query("pro", "desk", role("desk", seesTeam))
	other.Workspace = "x"
	require.Equal(t, inbox.ScopeTeam, view(other))

	edited := query("pro", "desk", role("desk", seesTeam))
	edited.Rev = 2
	require.Equal(t, inbox.ScopeTeam, view(edited))

	lowered := mine
	lowered.Plan = "free"
	require.Equal(t, inbox.ScopeNone, view(lowered))
	require.Equal(t, inbox.ScopeAll, view(mine))

	for _, want := range []inbox.Permission{seesAll, seesTeam} { // without a workspace nothing is remembered
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
			q, want := query("pro", "desk", role("desk", seesTeam)), inbox.ScopeTeam
			if i%2 == 0 {
				q, want = query("pro", "desk", role("desk", seesAll)), inbox.ScopeAll
			}
			q.Workspace = inbox.WorkspaceID(fmt.Sprint("w", i%4))
			require.Equal(t, want, policy.Scope(q, inbox.Livechat, inbox.PermView))
		}
	}
}
