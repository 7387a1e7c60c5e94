package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
)

func (r *mutationResolver) CreateWebhook(ctx context.Context, input model.CreateWebhookInput) (*model.WebhookPayload, error) {
	return endpoints{r.Resolver}.createWebhook(ctx, input)
}

func (r *mutationResolver) UpdateWebhook(ctx context.Context, input model.UpdateWebhookInput) (*model.WebhookPayload, error) {
	return endpoints{r.Resolver}.updateWebhook(ctx, input)
}

func (r *mutationResolver) DeleteWebhook(ctx context.Context, webhookID string) (*model.DeleteWebhookPayload, error) {
	return endpoints{r.Resolver}.deleteWebhook(ctx, webhookID)
}

func (r *mutationResolver) RotateWebhookSecret(ctx context.Context, webhookID string, overlapSeconds *int) (*model.WebhookPayload, error) {
	return endpoints{r.Resolver}.rotateWebhookSecret(ctx, webhookID, overlapSeconds)
}

func (r *mutationResolver) SetWebhookState(ctx context.Context, webhookID string, state model.WebhookState) (*model.WebhookPayload, error) {
	return endpoints{r.Resolver}.setWebhookState(ctx, webhookID, state)
}

func (r *mutationResolver) TestWebhook(ctx context.Context, webhookID string) (*model.ReplayPayload, error) {
	return endpoints{r.Resolver}.testWebhook(ctx, webhookID)
}

func (r *mutationResolver) ReplayWebhook(ctx context.Context, input model.ReplayWebhookInput) (*model.ReplayPayload, error) {
	return endpoints{r.Resolver}.replayWebhook(ctx, input)
}

func (r *queryResolver) Webhooks(ctx context.Context, first *int, after *string) (*model.WebhookConnection, error) {
	return endpoints{r.Resolver}.webhooks(ctx, pageArgs{first: first, after: after})
}

func (r *webhookEndpointResolver) Deliveries(ctx context.Context, obj *model.WebhookEndpoint, state *model.DeliveryState, first *int, after *string) (*model.DeliveryConnection, error) {
	return endpoints{r.Resolver}.deliveries(ctx, obj, state, pageArgs{first: first, after: after})
}

func (r *Resolver) WebhookEndpoint() graph.WebhookEndpointResolver {
	return &webhookEndpointResolver{r}
}

type webhookEndpointResolver struct{ *Resolver }
