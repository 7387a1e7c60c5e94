package resolvers

import (
	"context"
	"errors"
	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/desk"
)

func (r *mutationResolver) AssignConversation(ctx context.Context, input model.AssignConversationInput) (*model.OwnershipPayload, error) {
	req, err := request(input.ConversationID, input.ExpectedVersion, input.IdempotencyKey)
	to, err2 := ownerOf(input.To)
	reason, err3 := reasonCodeID(input.ReasonCodeID)
	req.ReasonCode = reason
	return r.verb(ctx, errors.Join(err, err2, err3), func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.Assign(ctx, p, req, to, value(input.Note))
	})
}

func (r *mutationResolver) ClaimConversation(ctx context.Context, input model.ConversationInput) (*model.OwnershipPayload, error) {
	return r.plainVerb(ctx, input, r.Inbox.Desk.Claim)
}

func (r *mutationResolver) UnassignConversation(ctx context.Context, input model.ConversationInput) (*model.OwnershipPayload, error) {
	return r.plainVerb(ctx, input, r.Inbox.Desk.Unassign)
}

func (r *mutationResolver) TransferConversation(ctx context.Context, input model.TransferConversationInput) (*model.OwnershipPayload, error) {
	req, err := request(input.ConversationID, input.ExpectedVersion, input.IdempotencyKey)
	to, err2 := ownerOf(input.To)
	reason, err3 := reasonCodeID(input.ReasonCodeID)
	req.ReasonCode = reason
	wish, err4 := wishOf(input)
	return r.verb(ctx, errors.Join(err, err2, err3, err4), func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.TransferAs(ctx, p, req, to, value(input.Note), wish)
	})
}

func (r *mutationResolver) TakeOverConversation(ctx context.Context, input model.TakeOverConversationInput) (*model.OwnershipPayload, error) {
	req, err := reasonedRequest(input.ConversationID, input.ExpectedVersion, input.IdempotencyKey, input.ReasonCodeID)
	return r.verb(ctx, err, func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.TakeOver(ctx, p, req, input.Message, value(input.Reason))
	})
}

func (r *mutationResolver) UndoOwnershipChange(ctx context.Context, input model.UndoInput) (*model.OwnershipPayload, error) {
	id, err := idOf[inbox.EventID]("eventId", typeEvent, input.EventID)
	return r.verb(ctx, err, func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.Undo(ctx, p, id, value(input.IdempotencyKey))
	})
}

func (r *mutationResolver) LeaveConversation(ctx context.Context, input model.ConversationInput) (*model.OwnershipPayload, error) {
	return r.plainVerb(ctx, input, r.Inbox.Desk.Leave)
}

func (r *mutationResolver) RequestHandoff(ctx context.Context, input model.RequestHandoffInput) (*model.OwnershipPayload, error) {
	req, err := request(input.ConversationID, input.ExpectedVersion, input.IdempotencyKey)
	to, err2 := handoffTarget(input)
	return r.verb(ctx, errors.Join(err, err2), func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.RequestHandoff(ctx, p, req, to)
	})
}

func (r *mutationResolver) SetConversationStatus(ctx context.Context, input model.SetStatusInput) (*model.OwnershipPayload, error) {
	req, err := reasonedRequest(input.ConversationID, input.ExpectedVersion, input.IdempotencyKey, input.ReasonCodeID)
	return r.verb(ctx, err, func(p inbox.Principal) (desk.Outcome, error) {
		return r.setStatus(ctx, p, req, input)
	})
}

func (r *mutationResolver) CreateTicket(ctx context.Context, input model.CreateTicketInput) (*model.OwnershipPayload, error) {
	to, err := ownerOf(input.To)
	return r.verb(ctx, err, func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Intake.CreateTicket(ctx, p, desk.NewConversation{
			Subject: input.Subject, Channel: value(input.Channel), Contact: contactInput(input.Contact),
			ExternalID: value(input.ExternalID), To: to, Key: value(input.IdempotencyKey),
		})
	})
}

func (r *mutationResolver) StartLivechat(ctx context.Context, input model.StartLivechatInput) (*model.StartLivechatPayload, error) {
	return r.startLivechat(ctx, input)
}

func (r *Resolver) Mutation() graph.MutationResolver { return &mutationResolver{r} }

type mutationResolver struct{ *Resolver }
