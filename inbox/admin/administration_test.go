package admin_test

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// grants reads the table of who may give what.
func grants(t *testing.T) (rows []map[string]string, roles []workspace.RoleName) {
	t.Helper()
	file, err := os.Open("testdata/grants.csv")
	require.NoError(t, err)
	defer file.Close()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	lines, err := reader.ReadAll()
	require.NoError(t, err)
	for _, role := range lines[0][1:] {
		roles = append(roles, workspace.RoleName(role))
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, word := range line {
			row[lines[0][i]] = word
		}
		rows = append(rows, row)
	}
	return rows, roles
}

// staffed is a desk whose member me has the role, with two roles of the
// workspace's own and a second owner.
func staffed(t *testing.T, plan workspace.PlanName, role workspace.RoleName) *world.Inbox {
	t.Helper()
	d := world.New(t)
	d.Roster.Workspace.Plan = plan
	d.Roster.Workspace.CustomRoles = []workspace.CustomRole{
		{Name: "custom", Permissions: []workspace.Permission{{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}}},
		{Name: "handing", Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermHandoff, Scope: workspace.ScopeOwn}}},
	}
	d.Member(world.Me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{role} })
	return d
}

// Nobody gives, and nobody takes away, what they do not hold, whatever the plan
// hides at present. B:Z1, B:Z2
func TestWhoMayGiveWhat(t *testing.T) {
	rows, roles := grants(t)
	for _, plan := range []workspace.PlanName{"free", "enterprise"} {
		for _, row := range rows {
			for _, role := range roles {
				t.Run(string(plan)+" "+row["by"]+" "+string(role), func(t *testing.T) {
					by := workspace.RoleName(row["by"])
					want := inbox.PermissionDenied
					if row[string(role)] == "yes" {
						want = ""
					}
					d := staffed(t, plan, by)
					_, err := d.Admin.AddMember(t.Context(), world.AsMember(world.Me), admin.NewMember{Email: "new@home.test", Name: "New", Roles: []workspace.RoleName{role}})
					require.Equal(t, want, inbox.CodeOf(err), "give: %v", err)

					d = staffed(t, plan, by)
					d.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{role} })
					_, _, err = d.Admin.UpdateMember(t.Context(), world.AsMember(world.Me), world.Mate, admin.MemberEdit{Roles: []workspace.RoleName{other(role)}})
					require.Equal(t, want, inbox.CodeOf(err), "take away: %v", err)
					require.Equal(t, want == "", len(d.Audited()) == 1)

					d = staffed(t, plan, by)
					d.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{role} })
					_, _, err = d.Admin.RemoveMember(t.Context(), world.AsMember(world.Me), world.Mate)
					require.Equal(t, want, inbox.CodeOf(err), "remove: %v", err)
					require.Equal(t, want == "", len(d.Audited()) == 1)
				})
			}
		}
	}
}

// other is a role that whoever may give any may give.
func other(role workspace.RoleName) workspace.RoleName {
	if role == "observer" {
		return "agent"
	}
	return "observer"
}

// Contacts, AI agents and API keys administer nothing.
func TestOnlyMembersAdminister(t *testing.T) {
	for name, p := range map[string]inbox.Principal{"an AI agent": world.AsAgent(world.Bot), "a contact": world.AsContact("c"), "an API key": world.AsPartner()} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			before := d.Memory.Saved
			for act, do := range map[string]func() error{
				"team":   func() error { _, err := d.Admin.CreateTeam(t.Context(), p, admin.NewTeam{Name: "T"}); return err },
				"member": func() error { _, _, err := d.Admin.RemoveMember(t.Context(), p, world.Me); return err },
				"agent":  func() error { _, err := d.Admin.CreateAgent(t.Context(), p, admin.NewAgent{Name: "A"}); return err },
				"role":   func() error { return d.Admin.DeleteRole(t.Context(), p, "x") },
				"plan":   func() error { _, _, _, err := d.Admin.SetPlan(t.Context(), p, "free"); return err },
				"log":    func() error { _, err := d.Admin.AuditLog(t.Context(), p, audit.AuditQuery{}); return err },
			} {
				require.Equal(t, inbox.PermissionDenied, inbox.CodeOf(do()), act)
			}
			require.Same(t, before, d.Memory.Saved)
			require.Empty(t, d.Audited())
		})
	}
}

// An act that another overtook is decided again on what that one left. B:Z6
func TestAnActThatWasOvertaken(t *testing.T) {
	d := world.New(t)
	d.Meanwhile = func() {
		_, err := d.Admin.CreateTeam(t.Context(), world.AsMember(world.Owner), admin.NewTeam{Name: "Night"})
		require.NoError(t, err)
	}
	_, err := d.Admin.CreateTeam(t.Context(), world.AsMember(world.Manager), admin.NewTeam{Name: "night"})
	require.Equal(t, []string{"name"}, world.Refused(t, err, inbox.InvalidInput).Field, "the name was taken meanwhile")
	require.Len(t, d.Audited(), 1)
}

func TestWorkspacesAreFounded(t *testing.T) {
	w := world.NewWorld(t)
	good := admin.NewWorkspace{Name: "Acme & Sons, Ltd.", Plan: "pro", TimeZone: "Europe/Berlin", OwnerEmail: "olga@acme.test"}
	ids := 0
	newID := func() string { ids++; return string(rune('a' + ids)) }
	d, entry, err := good.Found(w.Policy, world.Start(), newID)
	require.NoError(t, err)
	require.Equal(t, workspace.WorkspaceID("acme-sons-ltd"), d.Workspace.ID)
	require.Equal(t, workspace.DefaultRules(), d.Workspace.Rules)
	require.Equal(t, []workspace.RoleName{workspace.RoleOwner}, d.SortedMembers()[0].Roles)
	require.Equal(t, audit.AuditWorkspaceCreate, entry.Action)
	require.Equal(t, d.Workspace.ID, entry.Workspace)
	for field, spoil := range map[string]func(*admin.NewWorkspace){
		"name":       func(n *admin.NewWorkspace) { n.Name = "" },
		"id":         func(n *admin.NewWorkspace) { n.ID = "Acme" },
		"plan":       func(n *admin.NewWorkspace) { n.Plan = "gold" },
		"timeZone":   func(n *admin.NewWorkspace) { n.TimeZone = "Mars" },
		"ownerEmail": func(n *admin.NewWorkspace) { n.OwnerEmail = "olga" },
	} {
		n := good
		spoil(&n)
		_, _, err := n.Found(w.Policy, world.Start(), newID)
		require.Equal(t, []string{field}, world.Refused(t, err, inbox.InvalidInput).Field)
	}
}
