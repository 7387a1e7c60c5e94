package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"time"
)

func (r *apiKeyResolver) LastUsedAt(ctx context.Context, obj *model.APIKey) (*time.Time, error) {
	return r.keyLastUsed(ctx, obj)
}

func (r *mutationResolver) CreateAPIKey(ctx context.Context, input model.CreateAPIKeyInput) (*model.CreateAPIKeyPayload, error) {
	return r.createAPIKey(ctx, input)
}

func (r *mutationResolver) RevokeAPIKey(ctx context.Context, input model.RevokeAPIKeyInput) (*model.RevokeAPIKeyPayload, error) {
	return r.revokeAPIKey(ctx, input)
}

func (r *queryResolver) APIKeys(ctx context.Context, first *int, after *string) (*model.APIKeyConnection, error) {
	return r.apiKeys(ctx, pageArgs{first: first, after: after})
}

func (r *Resolver) ApiKey() graph.ApiKeyResolver { return &apiKeyResolver{r} }

type apiKeyResolver struct{ *Resolver }
