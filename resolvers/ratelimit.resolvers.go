package resolvers

import (
	"context"
	"switchboard/graph/model"
	"time"
)

func (r *queryResolver) RateLimit(ctx context.Context) (*model.RateLimit, error) {
	limit, remaining, reset := r.Rate(ctx)
	return &model.RateLimit{Limit: limit, Remaining: remaining, ResetAt: time.Now().Add(reset)}, nil
}
