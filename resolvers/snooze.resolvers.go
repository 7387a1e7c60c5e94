package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) SnoozeConversation(ctx context.Context, input model.SnoozeConversationInput) (*model.OwnershipPayload, error) {
	return r.snoozeConversation(ctx, input)
}

func (r *mutationResolver) WakeConversation(ctx context.Context, input model.ConversationInput) (*model.OwnershipPayload, error) {
	return r.plainVerb(ctx, input, r.Inbox.Desk.Wake)
}
