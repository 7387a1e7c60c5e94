package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
)

func (r *conversationResolver) Contact(ctx context.Context, obj *model.Conversation) (*model.Contact, error) {
	return disclosed{obj.Source, !obj.Hidden}.contact(), nil
}

func (r *conversationResolver) Previous(ctx context.Context, obj *model.Conversation) (*model.Conversation, error) {
	return r.previous(ctx, obj.Source)
}

func (r *conversationResolver) QueuePosition(ctx context.Context, obj *model.Conversation) (*int, error) {
	return r.queuePosition(ctx, obj.Source.ID)
}

func (r *conversationResolver) ViewerCan(ctx context.Context, obj *model.Conversation, actions []inbox.Action) ([]*model.ActionVerdict, error) {
	s := scopeOf(ctx)
	if actions == nil {
		actions = access.Actions()
	}
	out := make([]*model.ActionVerdict, 0, len(actions))
	for _, action := range actions {
		out = append(out, s.verdict(obj.Source, s.judged.Can(obj.Source, action)))
	}
	return out, nil
}

func (r *conversationResolver) Messages(ctx context.Context, obj *model.Conversation, first *int, after *string, last *int, before *string) (*model.MessageConnection, error) {
	return r.messages(ctx, obj.Source.ID, pageArgs{first, last, after, before})
}

func (r *conversationResolver) History(ctx context.Context, obj *model.Conversation, first *int, after *string) (*model.AssignmentEventConnection, error) {
	return r.history(ctx, obj, pageArgs{first: first, after: after})
}

func (r *conversationConnectionResolver) TotalCount(ctx context.Context, obj *model.ConversationConnection) (int, error) {
	return r.Inbox.Reader.Count(ctx, scopeOf(ctx).access.Principal, obj.View)
}

func (r *conversationConnectionResolver) LiveCursor(ctx context.Context, obj *model.ConversationConnection) (*string, error) {
	return r.liveCursor(ctx, scopeOf(ctx), obj.View, obj.Since)
}

func (r *Resolver) Conversation() graph.ConversationResolver { return &conversationResolver{r} }

func (r *Resolver) ConversationConnection() graph.ConversationConnectionResolver {
	return &conversationConnectionResolver{r}
}

type (
	conversationResolver           struct{ *Resolver }
	conversationConnectionResolver struct{ *Resolver }
)
