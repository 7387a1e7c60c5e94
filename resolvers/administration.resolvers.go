package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) CreateTeam(ctx context.Context, input model.CreateTeamInput) (*model.TeamPayload, error) {
	return r.createTeam(ctx, input)
}

func (r *mutationResolver) UpdateTeam(ctx context.Context, input model.UpdateTeamInput) (*model.TeamPayload, error) {
	return r.updateTeam(ctx, input)
}

func (r *mutationResolver) DeleteTeam(ctx context.Context, input model.DeleteTeamInput) (*model.DeleteTeamPayload, error) {
	return r.deleteTeam(ctx, input)
}

func (r *mutationResolver) AddMember(ctx context.Context, input model.AddMemberInput) (*model.MemberPayload, error) {
	return r.addMember(ctx, input)
}

func (r *mutationResolver) UpdateMember(ctx context.Context, input model.UpdateMemberInput) (*model.MemberPayload, error) {
	return r.updateMember(ctx, input)
}

func (r *mutationResolver) RemoveMember(ctx context.Context, input model.RemoveMemberInput) (*model.RemoveMemberPayload, error) {
	return r.removeMember(ctx, input)
}

func (r *mutationResolver) CreateAiAgent(ctx context.Context, input model.CreateAiAgentInput) (*model.AiAgentPayload, error) {
	return r.createAgent(ctx, input)
}

func (r *mutationResolver) UpdateAiAgent(ctx context.Context, input model.UpdateAiAgentInput) (*model.AiAgentPayload, error) {
	return r.updateAgent(ctx, input)
}

func (r *mutationResolver) RemoveAiAgent(ctx context.Context, input model.RemoveAiAgentInput) (*model.RemoveAiAgentPayload, error) {
	return r.removeAgent(ctx, input)
}

func (r *mutationResolver) CreateRole(ctx context.Context, input model.CreateRoleInput) (*model.RolePayload, error) {
	return r.createRole(ctx, input)
}

func (r *mutationResolver) UpdateRole(ctx context.Context, input model.UpdateRoleInput) (*model.RolePayload, error) {
	return r.updateRole(ctx, input)
}

func (r *mutationResolver) DeleteRole(ctx context.Context, input model.DeleteRoleInput) (*model.DeleteRolePayload, error) {
	return r.deleteRole(ctx, input)
}

func (r *mutationResolver) SetPlan(ctx context.Context, input model.SetPlanInput) (*model.SetPlanPayload, error) {
	return r.setPlan(ctx, input)
}

func (r *queryResolver) Plans(ctx context.Context) ([]*model.Plan, error) {
	return scopeOf(ctx).plans(), nil
}

func (r *queryResolver) Roles(ctx context.Context) ([]*model.Role, error) {
	return scopeOf(ctx).memberRoles(), nil
}
