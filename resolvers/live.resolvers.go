package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
)

func (r *subscriptionResolver) AssignmentEvents(ctx context.Context, filter *model.AssignmentEventFilter, after *string) (<-chan *model.AssignmentEventEdge, error) {
	return r.assignmentEvents(ctx, filter, after)
}

func (r *subscriptionResolver) ConversationUpdates(ctx context.Context, id string, after *string) (<-chan *model.ConversationUpdate, error) {
	return r.conversationUpdates(ctx, id, after)
}

func (r *Resolver) Subscription() graph.SubscriptionResolver { return &subscriptionResolver{r} }

type subscriptionResolver struct{ *Resolver }
