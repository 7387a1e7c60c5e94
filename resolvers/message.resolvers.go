package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/desk"
)

func (r *messageResolver) Body(ctx context.Context, obj *model.Message) (string, error) {
	return bodyOf(ctx, scopeOf(ctx), obj)
}

func (r *mutationResolver) MarkDelivered(ctx context.Context, input model.MarkMessagesInput) (*model.MarkMessagesPayload, error) {
	return r.mark(ctx, input, false)
}

func (r *mutationResolver) MarkRead(ctx context.Context, input model.MarkMessagesInput) (*model.MarkMessagesPayload, error) {
	return r.mark(ctx, input, true)
}

func (r *mutationResolver) SendMessage(ctx context.Context, input model.SendMessageInput) (*model.SendMessagePayload, error) {
	req, err := sendRequest(input)
	return r.send(ctx, err, func(p inbox.Principal) (desk.Sent, error) { return r.Inbox.Messages.Send(ctx, p, req) })
}

func (r *mutationResolver) ReopenAndReply(ctx context.Context, input model.SendMessageInput) (*model.SendMessagePayload, error) {
	req, err := sendRequest(input)
	return r.send(ctx, err, func(p inbox.Principal) (desk.Sent, error) { return r.Inbox.Messages.ReopenAndReply(ctx, p, req) })
}

func (r *mutationResolver) StartNewConversation(ctx context.Context, input model.StartNewInput) (*model.SendMessagePayload, error) {
	return r.startNew(ctx, input)
}

func (r *Resolver) Message() graph.MessageResolver { return &messageResolver{r} }

type messageResolver struct{ *Resolver }
