package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox"
)

func (r *subscriptionResolver) AssignmentEvents(ctx context.Context, filter *model.AssignmentEventFilter, after *string) (<-chan *model.AssignmentEventEdge, error) {
	wanted, err := filterOf(filter)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Events(ctx, r.request(ctx, after), wanted)
	return deliver(ctx, r.Resolver, st, err, eventEdgeOf)
}

func (r *subscriptionResolver) ConversationUpdates(ctx context.Context, id string, after *string) (<-chan *model.ConversationUpdate, error) {
	conversation, err := idOf[inbox.ConversationID]("id", typeConversation, id)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Conversation(ctx, r.request(ctx, after), conversation)
	return deliver(ctx, r.Resolver, st, err, conversationUpdateOf)
}

func (r *Resolver) Subscription() graph.SubscriptionResolver { return &subscriptionResolver{r} }

type subscriptionResolver struct{ *Resolver }
