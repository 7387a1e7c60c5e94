package resolvers

import (
	"context"
	"switchboard/graph/model"
	"switchboard/inbox/workspace"
)

func (r *mutationResolver) CreateReasonCode(ctx context.Context, input model.CreateReasonCodeInput) (*model.ReasonCodePayload, error) {
	return r.createReasonCode(ctx, input)
}

func (r *mutationResolver) UpdateReasonCode(ctx context.Context, input model.UpdateReasonCodeInput) (*model.ReasonCodePayload, error) {
	return r.updateReasonCode(ctx, input)
}

func (r *queryResolver) ReasonCodes(ctx context.Context, usage *workspace.ReasonUsage, includeArchived *bool) ([]*model.ReasonCode, error) {
	return reasonCodes(scopeOf(ctx).access, usage, includeArchived), nil
}
