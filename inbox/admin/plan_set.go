package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// SetPlan puts the caller's workspace on a plan, which needs plan.manage. The
// warning METHOD_ABOVE_PLAN means that BALANCED replaces a configured method that
// the plan lacks. Conversations that members may no longer own on the plan go up
// for grabs, at once or within moments; released is the number of those, CountLimit
// at most. B:Q9, B:E1.
func (s *Service) SetPlan(ctx context.Context, p inbox.Principal, plan workspace.PlanName) (w workspace.Workspace, released int, warnings []access.TeamWarning, err error) {
	var after access.Access
	now := s.base.Clock()
	done, released, err := releasing(ctx, s, p, inbox.Offboarding{Workspace: p.Workspace, Since: now}, act{name: "setPlan", decide: func(a access.Access) (Amendment, error) {
		m, err := setPlan(a, plan, now)
		if err == nil {
			a.Directory = a.Directory.With(m.Changes[0])
		}
		after = a
		return m, err
	}})
	if err != nil {
		return workspace.Workspace{}, 0, nil, err
	}
	return *done.Workspace, released, access.RoutingWarnings(after), nil
}

func setPlan(a access.Access, plan workspace.PlanName, now time.Time) (Amendment, error) {
	if err := a.Require(workspace.PlanManage); err != nil {
		return Amendment{}, err
	}
	before := a.Directory.Workspace
	if err := a.CheckPlan("plan", plan); err != nil {
		return Amendment{}, err
	}
	after := before
	after.Plan = plan
	var f auditFields
	f.text("plan", string(before.Plan), string(after.Plan))
	return amendWorkspace(a, audit.AuditPlanSet, workspaceTarget(after), after, f).reviewing(now), nil
}

// amendWorkspace is an amendment of the workspace itself.
func amendWorkspace(a access.Access, action audit.AuditAction, target audit.AuditTarget, w workspace.Workspace, f auditFields) Amendment {
	if len(f) > 0 {
		w.Rev++
	}
	return Amendment{Changes: []workspace.DirectoryChange{{Workspace: &w}}, Action: action, Target: target, Fields: f}
}

func workspaceTarget(w workspace.Workspace) audit.AuditTarget {
	return audit.AuditTarget{Kind: audit.AuditWorkspace, ID: string(w.ID), Name: w.Name}
}
