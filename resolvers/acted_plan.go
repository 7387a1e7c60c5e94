package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// planned is the result of setting a plan.
type planned struct {
	workspace workspace.Workspace
	released  int
	warnings  []access.TeamWarning
}

func (r *Resolver) setPlan(ctx context.Context, in model.SetPlanInput) (*model.SetPlanPayload, error) {
	s := scopeOf(ctx)
	return runAdmin(ctx, nil, func(p inbox.Principal) (planned, error) {
		w, n, warnings, err := r.Inbox.Admin.SetPlan(ctx, p, workspace.PlanName(in.Plan))
		return planned{w, n, warnings}, err
	}, func(done *planned, refused refusals) *model.SetPlanPayload {
		if done == nil {
			return &model.SetPlanPayload{Warnings: warningsOf(nil), UserErrors: refused}
		}
		return &model.SetPlanPayload{Workspace: s.workspace(done.workspace), Released: &done.released, Warnings: s.teamWarnings(done.warnings), UserErrors: refused}
	})
}

func planOf(p workspace.Plan) *model.Plan {
	return &model.Plan{Name: string(p.Name), Rank: p.Rank, Label: p.Label, Description: optional(p.Description)}
}

func (s *scope) plans() []*model.Plan {
	out := []*model.Plan{}
	for _, p := range s.service.Callers.Plans() {
		out = append(out, planOf(p))
	}
	return out
}
