package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

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
