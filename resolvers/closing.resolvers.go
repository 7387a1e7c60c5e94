package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) ReturnToAgent(ctx context.Context, input model.ReturnToAgentInput) (*model.OwnershipPayload, error) {
	return r.returnToAgent(ctx, input)
}
