package access

import (
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Callers can neither grant nor take away permissions that they could not have
// themselves. The highest plan decides that, so that permissions hidden by the
// present plan are not granted for later.

// CheckGrant refuses roles of which one holds more than the caller does, with
// PERMISSION_DENIED that names the first such permission. Only owners make and
// unmake owners.
func CheckGrant(a Access, roles []workspace.RoleName) error {
	if a.Principal.Actor.Kind == workspace.ActorSystem {
		return nil
	}
	top := onHighestPlan(a)
	for _, role := range roles {
		if missing := lacking(top, role); missing != "" {
			e := Denied(missing)
			e.Message = fmt.Sprintf("The role %s holds %s, which you do not. Ask somebody who does.", PresetRole(a,
				role).Label, missing)
			return e
		}
	}
	return nil
}

// CheckPermissions is checkGrant for the permissions of a role that a workspace
// makes.
func CheckPermissions(a Access, permissions []workspace.Permission) error {
	top := onHighestPlan(a)
	for _, p := range permissions {
		if top.Scope(p.Kind, p.Action) < p.Scope {
			e := Denied(p.String())
			e.Message = fmt.Sprintf("You do not hold %s, so you cannot put it into a role. Ask somebody who does.", p)
			return e
		}
	}
	return nil
}

// onHighestPlan is the caller as if the workspace were on the highest plan.
func onHighestPlan(a Access) Access {
	d := *a.Directory
	if plans := a.policy.Plans(); len(plans) > 0 {
		d.Workspace.Plan = plans[len(plans)-1].Name
	}
	a.Directory = &d
	return a
}

// lacking is the first permission of role that the caller does not hold; empty
// when there is none.
func lacking(a Access, role workspace.RoleName) string {
	if role == workspace.RoleOwner && !slices.Contains(a.Roles(), workspace.RoleOwner) {
		return "role:" + string(workspace.RoleOwner)
	}
	for _, kind := range workspace.Kinds() {
		for _, action := range workspace.PermActions() {
			if scope := a.policy.Scope(a.grant(role), kind, action); scope > a.Scope(kind, action) {
				return workspace.Permission{Kind: kind, Action: action, Scope: scope}.String()
			}
		}
	}
	for _, action := range workspace.WorkspaceActions() {
		if a.policy.Workspace(a.grant(role), action) && !a.May(action) {
			return string(action)
		}
	}
	return ""
}

// CheckRoles refuses roles that a member cannot have: unknown ones, and those
// that kinds of caller hold by nature.
func CheckRoles(a Access, roles []workspace.RoleName) error {
	if len(roles) == 0 || len(roles) > maxRoles {
		return inbox.Invalid("roles", "roles has %d entries; it must have from 1 to %d.", len(roles), maxRoles)
	}
	for i, role := range roles {
		switch {
		case !slices.Contains(MemberRoles(a), role):
			return inbox.Invalid("roles", "roles names one that members cannot have. The roles are %v.", MemberRoles(a))
		case slices.Contains(roles[:i], role):
			return inbox.Invalid("roles", "roles has a role twice.")
		}
	}
	return nil
}

// maxRoles bounds the roles of a member.
const maxRoles = 10

// IsPreset reports whether a role is one of the policy's.
func IsPreset(a Access, role workspace.RoleName) bool { return slices.Contains(a.policy.Roles(), role) }

// MemberRoles are the roles that members can have: the presets in the order of
// the policy, without those of AI agents and API keys, then the workspace's own.
func MemberRoles(a Access) []workspace.RoleName {
	var out []workspace.RoleName
	for _, role := range a.policy.Roles() {
		if role != workspace.RoleAIAgent && role != workspace.RoleIntegration && role != workspace.RolePartner {
			out = append(out, role)
		}
	}
	for _, role := range a.Directory.Workspace.CustomRoles {
		out = append(out, role.Name)
	}
	return out
}

// RolePermissions lists the permissions of role under the workspace's plan, as the
// API shows them.
func RolePermissions(a Access, role workspace.RoleName) []string {
	a.Principal.Actor.Kind, a.Member.Roles = workspace.ActorMember, []workspace.RoleName{role}
	return a.Permissions()
}
