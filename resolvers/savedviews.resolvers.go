package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *conversationResolver) ViewerHasStarred(ctx context.Context, obj *model.Conversation) (bool, error) {
	return scopeOf(ctx).hasStarred(ctx, obj)
}

func (r *mutationResolver) CreateSavedView(ctx context.Context, input model.CreateSavedViewInput) (*model.SavedViewPayload, error) {
	return r.createSavedView(ctx, input)
}

func (r *mutationResolver) UpdateSavedView(ctx context.Context, input model.UpdateSavedViewInput) (*model.SavedViewPayload, error) {
	return r.updateSavedView(ctx, input)
}

func (r *mutationResolver) DeleteSavedView(ctx context.Context, input model.DeleteSavedViewInput) (*model.DeleteSavedViewPayload, error) {
	return r.deleteSavedView(ctx, input)
}

func (r *mutationResolver) StarConversation(ctx context.Context, input model.StarConversationInput) (*model.StarConversationPayload, error) {
	return r.starConversation(ctx, input)
}

func (r *queryResolver) SavedViews(ctx context.Context, first *int, after *string) (*model.SavedViewConnection, error) {
	return r.savedViews(ctx, pageArgs{first: first, after: after})
}
