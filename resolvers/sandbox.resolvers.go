package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) ResetSandbox(ctx context.Context, input model.ResetSandboxInput) (*model.ResetSandboxPayload, error) {
	return r.resetSandbox(ctx, input)
}
