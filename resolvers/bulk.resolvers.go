package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) ActOnConversations(ctx context.Context, input model.BulkInput) (*model.BulkPayload, error) {
	return r.bulk(ctx, input)
}
