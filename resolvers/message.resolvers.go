package resolvers

import (
	"context"
	"switchboard/graph/model"
	"switchboard/inbox"
)

func (r *mutationResolver) SendMessage(ctx context.Context, input model.SendMessageInput) (*model.SendMessagePayload, error) {
	req, err := sendRequest(input)
	return r.send(ctx, err, func(p inbox.Principal) (inbox.Sent, error) { return r.Inbox.Send(ctx, p, req) })
}

func (r *mutationResolver) ReopenAndReply(ctx context.Context, input model.SendMessageInput) (*model.SendMessagePayload, error) {
	req, err := sendRequest(input)
	return r.send(ctx, err, func(p inbox.Principal) (inbox.Sent, error) { return r.Inbox.ReopenAndReply(ctx, p, req) })
}

func (r *mutationResolver) StartNewConversation(ctx context.Context, input model.StartNewInput) (*model.SendMessagePayload, error) {
	return r.startNew(ctx, input)
}
