package resolvers

import (
	"context"
	"switchboard/graph/model"
	"switchboard/inbox"
)

func (r *queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	return r.node(ctx, "id", id)
}

func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	return r.nodes(ctx, ids)
}

func (r *queryResolver) Conversation(ctx context.Context, id string) (*model.Conversation, error) {
	parsed, err := idOf[inbox.ConversationID]("id", typeConversation, id)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx)
	c, err := r.Inbox.Reader.Conversation(ctx, s.access.Principal, parsed)
	if err != nil {
		return nil, err
	}
	return s.conversation(c), nil
}

func (r *queryResolver) Conversations(ctx context.Context, view *model.InboxView, orderBy *model.ConversationOrder, first *int, after *string, last *int, before *string) (*model.ConversationConnection, error) {
	return r.conversations(ctx, view, orderBy, pageArgs{first, last, after, before})
}

func (r *queryResolver) InboxCounts(ctx context.Context, views []*model.InboxView) ([]*model.InboxCount, error) {
	return r.counts(ctx, views)
}
