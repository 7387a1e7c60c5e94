package inbox

import (
	"context"
	"slices"
	"strings"
	"time"
)

const (
	maxCustomRoles     = 50
	maxRoleName        = 40
	maxRolePermissions = 100
)

// CreateRole makes a role of the workspace's own, which needs roles.manage, the
// plan feature roles.custom, and every permission that is put into it. B:Z2.
func (s *Service) CreateRole(ctx context.Context, p Principal, role CustomRole, key string) (CustomRole, error) {
	done, err := s.administer(ctx, p, act{name: "createRole", key: key, args: role, decide: func(a Access) (Amendment, error) { return a.createRole(role) }})
	if err != nil {
		return CustomRole{}, err
	}
	return roleIn(done, role.Name), nil
}

func (a Access) createRole(role CustomRole) (Amendment, error) {
	if err := a.managesRoles(); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	switch {
	case len(w.CustomRoles) >= maxCustomRoles:
		return Amendment{}, Invalid("name", "The workspace has %d roles of its own, which is as many as there can be. Delete one first.", maxCustomRoles)
	case a.isPreset(role.Name), a.customRole(role.Name) >= 0:
		return Amendment{}, Invalid("name", "There is a role %s already. Pick another name.", role.Name)
	}
	if err := a.checkRole(role); err != nil {
		return Amendment{}, err
	}
	w.CustomRoles = append(slices.Clone(w.CustomRoles), role)
	return a.amendRole(AuditRoleCreate, w, CustomRole{}, role), nil
}

// UpdateRole replaces the permissions of a role of the workspace's own. It needs
// the permissions of CreateRole, for removed permissions as well. Conversations
// that its members may no longer own go up for grabs, at once or within moments;
// released is the number of those, CountLimit at most. B:E1.
func (s *Service) UpdateRole(ctx context.Context, p Principal, role CustomRole) (updated CustomRole, released int, err error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "updateRole", decide: func(a Access) (Amendment, error) { return a.updateRole(role, now) }})
	if err != nil {
		return CustomRole{}, 0, err
	}
	return roleIn(done, role.Name), s.reviewAfter(ctx, *done.Workspace, now), nil
}

func (a Access) updateRole(role CustomRole, now time.Time) (Amendment, error) {
	if err := a.managesRoles(); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	at := a.customRole(role.Name)
	if at < 0 {
		return Amendment{}, Missing("role")
	}
	before := w.CustomRoles[at]
	if err := a.checkRole(role); err != nil {
		return Amendment{}, err
	}
	if err := a.checkPermissions(before.Permissions); err != nil {
		return Amendment{}, err
	}
	w.CustomRoles = slices.Clone(w.CustomRoles)
	w.CustomRoles[at] = role
	return a.amendRole(AuditRoleUpdate, w, before, role).reviewing(now), nil
}

// DeleteRole removes a role of the workspace's own that nobody has. It needs
// roles.manage, on any plan.
func (s *Service) DeleteRole(ctx context.Context, p Principal, name RoleName) error {
	_, err := s.administer(ctx, p, act{name: "deleteRole", decide: func(a Access) (Amendment, error) { return a.deleteRole(name) }})
	return err
}

func (a Access) deleteRole(name RoleName) (Amendment, error) {
	if err := a.Require(RolesManage); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	at := a.customRole(name)
	if at < 0 {
		return Amendment{}, Missing("role")
	}
	for _, m := range a.Directory.SortedMembers() {
		if slices.Contains(m.Roles, name) {
			return Amendment{}, Invalid("name", "%s has the role %s. Give whoever has it another one first.", m.Name, name)
		}
	}
	before := w.CustomRoles[at]
	w.CustomRoles = slices.Delete(slices.Clone(w.CustomRoles), at, at+1)
	m := a.amendRole(AuditRoleDelete, w, before, CustomRole{})
	m.Target = roleTarget(name)
	return m, nil
}

// managesRoles asks plan, then permission.
func (a Access) managesRoles() error {
	if err := a.Refusal(Conversation{}, a.includes(FeatureCustomRoles)); err != nil {
		return err
	}
	return a.Require(RolesManage)
}

// customRole is the index of a role of the workspace's own; -1 when there is
// none of that name.
func (a Access) customRole(name RoleName) int {
	return slices.IndexFunc(a.Directory.Workspace.CustomRoles, func(r CustomRole) bool { return r.Name == name })
}

func (a Access) checkRole(role CustomRole) error {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-"
	name := string(role.Name)
	if name == "" || len(name) > maxRoleName || strings.Trim(name, letters) != "" {
		return Invalid("name", "name cannot be a role's. Use 1 to %d of a-z, 0-9, _ and -.", maxRoleName)
	}
	if n := len(role.Permissions); n == 0 || n > maxRolePermissions {
		return Invalid("permissions", "permissions has %d entries; it must have from 1 to %d.", n, maxRolePermissions)
	}
	return a.checkPermissions(role.Permissions)
}

func (a Access) amendRole(action AuditAction, w Workspace, before, after CustomRole) Amendment {
	var f auditFields
	f.text("name", string(before.Name), string(after.Name))
	f.list("permissions", before.words(), after.words())
	return a.amendWorkspace(action, roleTarget(after.Name), w, f)
}

func (r CustomRole) words() []string {
	var out []string
	for _, p := range r.Permissions {
		out = append(out, p.String())
	}
	return out
}

func roleTarget(name RoleName) AuditTarget {
	return AuditTarget{Kind: AuditRole, ID: string(name), Name: string(name)}
}

// roleIn finds the role in the workspace that an act left behind.
func roleIn(done DirectoryChange, name RoleName) CustomRole {
	for _, r := range done.Workspace.CustomRoles {
		if r.Name == name {
			return r
		}
	}
	return CustomRole{Name: name}
}

// ParsePermission reads the form that Permission.String writes; ok is false for
// anything else.
func ParsePermission(text string) (p Permission, ok bool) {
	for _, kind := range Kinds() {
		for _, action := range PermActions() {
			for _, scope := range []Scope{ScopeOwn, ScopeTeam, ScopeAll} {
				if p = (Permission{kind, action, scope}); p.String() == text {
					return p, true
				}
			}
		}
	}
	return Permission{}, false
}
