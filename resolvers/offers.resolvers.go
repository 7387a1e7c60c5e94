package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
)

func (r *mutationResolver) AcceptOffer(ctx context.Context, input model.OfferInput) (*model.OwnershipPayload, error) {
	return r.offerVerb(ctx, input.OfferID, nil, func(p inbox.Principal, id inbox.OfferID) (desk.Outcome, error) {
		return r.Inbox.Desk.AcceptOffer(ctx, p, id, value(input.IdempotencyKey))
	})
}

func (r *mutationResolver) DeclineOffer(ctx context.Context, input model.DeclineOfferInput) (*model.OwnershipPayload, error) {
	code, err := reasonCodeID(input.ReasonCodeID)
	why := desk.Declining{Reason: value(input.Reason), ReasonCode: code, Key: value(input.IdempotencyKey)}
	return r.offerVerb(ctx, input.OfferID, err, func(p inbox.Principal, id inbox.OfferID) (desk.Outcome, error) {
		return r.Inbox.Desk.DeclineOffer(ctx, p, id, why)
	})
}

func (r *mutationResolver) WithdrawOffer(ctx context.Context, input model.OfferInput) (*model.OwnershipPayload, error) {
	return r.offerVerb(ctx, input.OfferID, nil, func(p inbox.Principal, id inbox.OfferID) (desk.Outcome, error) {
		return r.Inbox.Desk.WithdrawOffer(ctx, p, id, value(input.IdempotencyKey))
	})
}

func (r *queryResolver) Offers(ctx context.Context, side access.OfferSide, statuses []inbox.OfferStatus, first *int, after *string) (*model.OfferConnection, error) {
	return r.offers(ctx, side, statuses, pageArgs{first: first, after: after})
}

func (r *transferOfferResolver) Conversation(ctx context.Context, obj *model.TransferOffer) (*model.Conversation, error) {
	return r.offeredConversation(ctx, obj.Source)
}

func (r *Resolver) TransferOffer() graph.TransferOfferResolver { return &transferOfferResolver{r} }

type transferOfferResolver struct{ *Resolver }
