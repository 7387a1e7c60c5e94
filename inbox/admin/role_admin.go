package admin

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

const (
	maxCustomRoles     = 50
	maxRoleName        = 40
	maxRolePermissions = 100
)

// CreateRole makes a role of the workspace's own, which needs roles.manage, the
// plan feature roles.custom, and every permission that is put into it. B:Z2.
func (s *Service) CreateRole(ctx context.Context, p inbox.Principal, role workspace.CustomRole, key string) (workspace.CustomRole, error) {
	done, err := s.administer(ctx, p, act{name: "createRole", key: key, args: role, decide: func(a access.Access) (Amendment, error) { return createRole(a, role) }})
	if err != nil {
		return workspace.CustomRole{}, err
	}
	return roleIn(done, role.Name), nil
}

func createRole(a access.Access, role workspace.CustomRole) (Amendment, error) {
	if err := managesRoles(a); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	switch {
	case len(w.CustomRoles) >= maxCustomRoles:
		return Amendment{}, inbox.Invalid("name", "The workspace has %d roles of its own, which is as many as there can be. Delete one first.", maxCustomRoles)
	case access.IsPreset(a, role.Name), customRole(a, role.Name) >= 0:
		return Amendment{}, inbox.Invalid("name", "There is a role %s already. Pick another name.", role.Name)
	}
	if err := checkRole(a, role); err != nil {
		return Amendment{}, err
	}
	w.CustomRoles = append(slices.Clone(w.CustomRoles), role)
	return amendRole(a, audit.AuditRoleCreate, w, workspace.CustomRole{}, role), nil
}

// UpdateRole replaces the permissions of a role of the workspace's own. It needs
// the permissions of CreateRole, for removed permissions as well. Conversations
// that its members may no longer own go up for grabs, at once or within moments;
// released is the number of those, CountLimit at most. B:E1.
func (s *Service) UpdateRole(ctx context.Context, p inbox.Principal, role workspace.CustomRole) (updated workspace.CustomRole, released int, err error) {
	now := s.base.Clock()
	done, released, err := releasing(ctx, s, p, inbox.Offboarding{Workspace: p.Workspace, Since: now}, act{name: "updateRole", decide: func(a access.Access) (Amendment, error) { return updateRole(a, role, now) }})
	if err != nil {
		return workspace.CustomRole{}, 0, err
	}
	return roleIn(done, role.Name), released, nil
}

func updateRole(a access.Access, role workspace.CustomRole, now time.Time) (Amendment, error) {
	if err := managesRoles(a); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	at := customRole(a, role.Name)
	if at < 0 {
		return Amendment{}, inbox.Missing("role")
	}
	before := w.CustomRoles[at]
	if err := checkRole(a, role); err != nil {
		return Amendment{}, err
	}
	if err := access.CheckPermissions(a, before.Permissions); err != nil {
		return Amendment{}, err
	}
	w.CustomRoles = slices.Clone(w.CustomRoles)
	w.CustomRoles[at] = role
	return amendRole(a, audit.AuditRoleUpdate, w, before, role).reviewing(now), nil
}

// DeleteRole removes a role of the workspace's own that nobody has. It needs
// roles.manage, on any plan.
func (s *Service) DeleteRole(ctx context.Context, p inbox.Principal, name workspace.RoleName) error {
	_, err := s.administer(ctx, p, act{name: "deleteRole", decide: func(a access.Access) (Amendment, error) { return deleteRole(a, name) }})
	return err
}

func deleteRole(a access.Access, name workspace.RoleName) (Amendment, error) {
	if err := a.Require(workspace.RolesManage); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	at := customRole(a, name)
	if at < 0 {
		return Amendment{}, inbox.Missing("role")
	}
	for _, m := range a.Directory.SortedMembers() {
		if slices.Contains(m.Roles, name) {
			return Amendment{}, inbox.Invalid("name", "%s has the role %s. Give whoever has it another one first.", m.Name, name)
		}
	}
	before := w.CustomRoles[at]
	w.CustomRoles = slices.Delete(slices.Clone(w.CustomRoles), at, at+1)
	m := amendRole(a, audit.AuditRoleDelete, w, before, workspace.CustomRole{})
	m.Target = roleTarget(name)
	return m, nil
}

// managesRoles asks plan, then permission.
func managesRoles(a access.Access) error {
	if err := a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeatureCustomRoles)); err != nil {
		return err
	}
	return a.Require(workspace.RolesManage)
}

// customRole is the index of a role of the workspace's own; -1 when there is
// none of that name.
func customRole(a access.Access, name workspace.RoleName) int {
	return slices.IndexFunc(a.Directory.Workspace.CustomRoles, func(r workspace.CustomRole) bool { return r.Name == name })
}

func checkRole(a access.Access, role workspace.CustomRole) error {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-"
	name := string(role.Name)
	if name == "" || len(name) > maxRoleName || strings.Trim(name, letters) != "" {
		return inbox.Invalid("name", "name cannot be a role's. Use 1 to %d of a-z, 0-9, _ and -.", maxRoleName)
	}
	if n := len(role.Permissions); n == 0 || n > maxRolePermissions {
		return inbox.Invalid("permissions", "permissions has %d entries; it must have from 1 to %d.", n, maxRolePermissions)
	}
	return access.CheckPermissions(a, role.Permissions)
}

func amendRole(a access.Access, action audit.AuditAction, w workspace.Workspace, before, after workspace.CustomRole) Amendment {
	var f auditFields
	f.text("name", string(before.Name), string(after.Name))
	f.list("permissions", before.Words(), after.Words())
	return amendWorkspace(a, action, roleTarget(after.Name), w, f)
}

func roleTarget(name workspace.RoleName) audit.AuditTarget {
	return audit.AuditTarget{Kind: audit.AuditRole, ID: string(name), Name: string(name)}
}

// roleIn finds the role in the workspace that an act left behind.
func roleIn(done workspace.DirectoryChange, name workspace.RoleName) workspace.CustomRole {
	for _, r := range done.Workspace.CustomRoles {
		if r.Name == name {
			return r
		}
	}
	return workspace.CustomRole{Name: name}
}
