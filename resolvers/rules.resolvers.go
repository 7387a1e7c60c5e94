package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) UpdateWorkspaceRules(ctx context.Context, input model.UpdateWorkspaceRulesInput) (*model.UpdateWorkspaceRulesPayload, error) {
	return r.updateRules(ctx, input)
}
