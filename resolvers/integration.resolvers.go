package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) PostMessage(ctx context.Context, input model.PostMessageInput) (*model.SendMessagePayload, error) {
	return r.postMessage(ctx, input)
}

func (r *mutationResolver) CreateContactToken(ctx context.Context, input model.CreateContactTokenInput) (*model.CreateContactTokenPayload, error) {
	return r.createContactToken(ctx, input)
}

func (r *mutationResolver) RevokeContactTokens(ctx context.Context, input model.RevokeContactTokensInput) (*model.RevokeContactTokensPayload, error) {
	return r.revokeContactTokens(ctx, input)
}

func (r *queryResolver) ConversationByExternalID(ctx context.Context, externalID string) (*model.Conversation, error) {
	return r.conversationByExternalID(ctx, externalID)
}
