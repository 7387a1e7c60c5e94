package inbox

import (
	"fmt"
	"slices"
)

// Callers can neither grant nor take away permissions that they could not have
// themselves. The highest plan decides that, so that permissions hidden by the
// present plan are not granted for later.

// checkGrant refuses roles of which one holds more than the caller does, with
// PERMISSION_DENIED that names the first such permission. Only owners make and
// unmake owners.
func (a Access) checkGrant(roles []RoleName) error {
	if a.Principal.Actor.Kind == ActorSystem {
		return nil
	}
	top := a.onHighestPlan()
	for _, role := range roles {
		if missing := top.lacking(role); missing != "" {
			e := denied(missing)
			e.Message = fmt.Sprintf("The role %s holds %s, which you do not. Ask somebody who does.", role, missing)
			return e
		}
	}
	return nil
}

// checkPermissions is checkGrant for the permissions of a role that a workspace
// makes.
func (a Access) checkPermissions(permissions []Permission) error {
	top := a.onHighestPlan()
	for _, p := range permissions {
		if top.Scope(p.Kind, p.Action) < p.Scope {
			e := denied(p.String())
			e.Message = fmt.Sprintf("You do not hold %s, so you cannot put it into a role. Ask somebody who does.", p)
			return e
		}
	}
	return nil
}

// onHighestPlan is the caller as if the workspace were on the highest plan.
func (a Access) onHighestPlan() Access {
	d := *a.Directory
	if plans := a.policy.Plans(); len(plans) > 0 {
		d.Workspace.Plan = plans[len(plans)-1].Name
	}
	a.Directory = &d
	return a
}

// lacking is the first permission of role that the caller does not hold; empty
// when there is none.
func (a Access) lacking(role RoleName) string {
	if role == RoleOwner && !slices.Contains(a.Roles(), RoleOwner) {
		return "role:" + string(RoleOwner)
	}
	for _, kind := range Kinds() {
		for _, action := range PermActions() {
			if scope := a.policy.Scope(a.grant(role), kind, action); scope > a.Scope(kind, action) {
				return Permission{kind, action, scope}.String()
			}
		}
	}
	for _, action := range WorkspaceActions() {
		if a.policy.Workspace(a.grant(role), action) && !a.May(action) {
			return string(action)
		}
	}
	return ""
}

// checkRoles refuses roles that a member cannot have: unknown ones, and those
// that kinds of caller hold by nature.
func (a Access) checkRoles(roles []RoleName) error {
	if len(roles) == 0 || len(roles) > maxRoles {
		return Invalid("roles", "roles has %d entries; it must have from 1 to %d.", len(roles), maxRoles)
	}
	for i, role := range roles {
		switch {
		case !slices.Contains(a.MemberRoles(), role):
			return Invalid("roles", "roles names one that members cannot have. The roles are %v.", a.MemberRoles())
		case slices.Contains(roles[:i], role):
			return Invalid("roles", "roles has a role twice.")
		}
	}
	return nil
}

// maxRoles bounds the roles of a member.
const maxRoles = 10

// isPreset reports whether a role is one of the policy's.
func (a Access) isPreset(role RoleName) bool { return slices.Contains(a.policy.Roles(), role) }

// MemberRoles are the roles that members can have: the presets in the order of
// the policy, without those of AI agents and API keys, then the workspace's own.
func (a Access) MemberRoles() []RoleName {
	var out []RoleName
	for _, role := range a.policy.Roles() {
		if role != RoleAIAgent && role != RoleIntegration && role != RolePartner {
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
func (a Access) RolePermissions(role RoleName) []string {
	a.Principal.Actor.Kind, a.Member.Roles = ActorMember, []RoleName{role}
	return a.Permissions()
}

// owners counts the members with the role of an owner.
func owners(members map[MemberID]Member) int {
	n := 0
	for _, m := range members {
		if !m.Removed && slices.Contains(m.Roles, RoleOwner) {
			n++
		}
	}
	return n
}

// checkOwners refuses a change by which nobody would be an owner any longer.
func (a Access) checkOwners(m Member) error {
	if owners(a.Directory.Members) > 0 && owners(withEntry(a.Directory.Members, m.ID, m)) == 0 {
		return &Error{Code: LastOwner, Message: fmt.Sprintf("%s is the only owner. Make somebody else an owner first.", m.Name)}
	}
	return nil
}
