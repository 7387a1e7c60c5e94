package inbox

import (
	"context"
	"time"
)

// SetPlan puts the caller's workspace on a plan, which needs plan.manage. The
// warning METHOD_ABOVE_PLAN means that BALANCED replaces a configured method that
// the plan lacks. Conversations that members may no longer own on the plan go up
// for grabs, at once or within moments; released is the number of those, CountLimit
// at most. B:Q9, B:E1.
func (s *Service) SetPlan(ctx context.Context, p Principal, plan PlanName) (w Workspace, released int, warnings []TeamWarning, err error) {
	var after Access
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "setPlan", decide: func(a Access) (Amendment, error) {
		m, err := a.setPlan(plan, now)
		if err == nil {
			a.Directory = a.Directory.With(m.Changes[0])
		}
		after = a
		return m, err
	}})
	if err != nil {
		return Workspace{}, 0, nil, err
	}
	return *done.Workspace, s.reviewAfter(ctx, *done.Workspace, now), after.RoutingWarnings(), nil
}

func (a Access) setPlan(plan PlanName, now time.Time) (Amendment, error) {
	if err := a.Require(PlanManage); err != nil {
		return Amendment{}, err
	}
	before := a.Directory.Workspace
	if err := a.checkPlan("plan", plan); err != nil {
		return Amendment{}, err
	}
	after := before
	after.Plan = plan
	var f auditFields
	f.text("plan", string(before.Plan), string(after.Plan))
	return a.amendWorkspace(AuditPlanSet, workspaceTarget(after), after, f).reviewing(now), nil
}

// CheckPlan refuses a name that is no rung of the ladder.
func CheckPlan(field string, plan PlanName, policy Authorizer) error {
	var known []PlanName
	for _, p := range policy.Plans() {
		if p.Name == plan {
			return nil
		}
		known = append(known, p.Name)
	}
	return Invalid(field, "%s is not a plan. The plans are %v.", field, known)
}

// checkPlan is CheckPlan under the policy that a decides by.
func (a Access) checkPlan(field string, plan PlanName) error { return CheckPlan(field, plan, a.policy) }

// amendWorkspace is an amendment of the workspace itself.
func (a Access) amendWorkspace(action AuditAction, target AuditTarget, w Workspace, f auditFields) Amendment {
	if len(f) > 0 {
		w.Rev++
	}
	return Amendment{Changes: []DirectoryChange{{Workspace: &w}}, Action: action, Target: target, Fields: f}
}

func workspaceTarget(w Workspace) AuditTarget {
	return AuditTarget{Kind: AuditWorkspace, ID: string(w.ID), Name: w.Name}
}
