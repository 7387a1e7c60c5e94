package resolvers

import (
	"context"
	"switchboard/graph/model"
)

func (r *mutationResolver) ShowAttention(ctx context.Context, input model.ShowAttentionInput) (*model.ShowAttentionPayload, error) {
	return r.showAttention(ctx, input)
}

func (r *subscriptionResolver) Attention(ctx context.Context, of model.AttentionScope) (<-chan *model.AttentionChange, error) {
	wanted, err := r.attentionScope(ctx, of)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Attention(ctx, r.request(ctx, nil), wanted)
	return deliver(ctx, r.Resolver, st, err, attentionChangeOf)
}
