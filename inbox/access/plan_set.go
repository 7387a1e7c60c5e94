package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// PlanOf finds a rung of the ladder of policy. For a name that is none the rank is -1,
// and the label is the name.
func PlanOf(name workspace.PlanName, policy Authorizer) workspace.Plan {
	for _, p := range policy.Plans() {
		if p.Name == name {
			return p
		}
	}
	return workspace.Plan{Name: name, Rank: -1, Label: string(name)}
}

// planLabel is what people call a plan.
func (a Access) planLabel(name workspace.PlanName) string { return PlanOf(name, a.policy).Label }

// roleLabel is what people call a role, also one that the workspace made.
func (a Access) roleLabel(name workspace.RoleName) string {
	role, _ := a.policy.PresetRole(name)
	return role.Label
}

// PresetRole finds a role of the policy; see Authorizer.
func (a Access) PresetRole(name workspace.RoleName) (role workspace.PresetRole, ok bool) {
	return a.policy.PresetRole(name)
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
