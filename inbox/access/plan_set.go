package access

import (
	"cmp"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// PlanOf finds a rung of the ladder of policy. For a name that is none the rank is -1,
// and the label is the name.
func PlanOf(name workspace.PlanName, policy Authorizer) workspace.Plan {
	plan := workspace.Plan{Name: name, Rank: -1}
	for _, p := range policy.Plans() {
		if p.Name == name {
			plan = p
		}
	}
	plan.Label = cmp.Or(plan.Label, string(name))
	return plan
}

// PresetPlan is the workspace's plan in the policy that a decides by.
func PresetPlan(a Access) workspace.Plan { return PlanOf(a.Plan(), a.policy) }

// PresetRole is a role of the policy that a decides by. A role that the workspace made
// has its name as the label.
func PresetRole(a Access, name workspace.RoleName) workspace.PresetRole {
	role, _ := a.policy.PresetRole(name)
	role.Label = cmp.Or(role.Label, string(name))
	return role
}

// CheckPlan refuses a name that is no rung of the ladder.
func CheckPlan(field string, plan workspace.PlanName, policy Authorizer) error {
	var known []workspace.PlanName
	for _, p := range policy.Plans() {
		if p.Name == plan {
			return nil
		}
		known = append(known, p.Name)
	}
	return inbox.Invalid(field, "%s is not a plan. The plans are %v.", field, known)
}

// CheckPlan is CheckPlan under the policy that a decides by.
func (a Access) CheckPlan(field string, plan workspace.PlanName) error {
	return CheckPlan(field, plan, a.policy)
}
