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

func (r *apiKeySecretResolver) LastUsedAt(ctx context.Context, obj *model.APIKeySecret) (*time.Time, error) {
	return r.secretLastUsed(ctx, obj)
}

func (r *mutationResolver) CreateAPIKey(ctx context.Context, input model.CreateAPIKeyInput) (*model.CreateAPIKeyPayload, error) {
	return r.createAPIKey(ctx, input)
}

func (r *mutationResolver) RotateAPIKeySecret(ctx context.Context, input model.RotateAPIKeySecretInput) (*model.RotateAPIKeySecretPayload, error) {
	return r.rotateAPIKeySecret(ctx, input)
}

func (r *mutationResolver) SetAPIKeyExpiry(ctx context.Context, input model.SetAPIKeyExpiryInput) (*model.SetAPIKeyExpiryPayload, error) {
	return r.setAPIKeyExpiry(ctx, input)
}

func (r *mutationResolver) RevokeAPIKey(ctx context.Context, input model.RevokeAPIKeyInput) (*model.RevokeAPIKeyPayload, error) {
	return r.revokeAPIKey(ctx, input)
}

func (r *mutationResolver) HandOverConversations(ctx context.Context, input model.HandOverConversationsInput) (*model.HandOverConversationsPayload, error) {
	return handOverConversations(ctx, r.Inbox.Admin, input)
}

func (r *queryResolver) APIKeys(ctx context.Context, first *int, after *string) (*model.APIKeyConnection, error) {
	return r.apiKeys(ctx, pageArgs{first: first, after: after})
}

func (r *Resolver) ApiKey() graph.ApiKeyResolver { return &apiKeyResolver{r} }

func (r *Resolver) ApiKeySecret() graph.ApiKeySecretResolver { return &apiKeySecretResolver{r} }

type (
	apiKeyResolver       struct{ *Resolver }
	apiKeySecretResolver struct{ *Resolver }
)
