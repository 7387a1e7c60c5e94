package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// verb runs an ownership verb unless its arguments could not be read, and
// answers with its payload.
func (r *Resolver) verb(ctx context.Context, argument error, run func(inbox.Principal) (desk.Outcome, error)) (*model.OwnershipPayload, error) {
	if argument != nil {
		return r.ownership(ctx, desk.Outcome{}, argument)
	}
	out, err := run(scopeOf(ctx).access.Principal)
	return r.ownership(ctx, out, err)
}

// plainVerb is verb for mutations that name the conversation, and a reason code at most.
func (r *Resolver) plainVerb(ctx context.Context, in model.ConversationInput, run func(context.Context, inbox.Principal, desk.Request) (desk.Outcome, error)) (*model.OwnershipPayload, error) {
	req, err := reasonedRequest(in.ConversationID, in.ExpectedVersion, in.IdempotencyKey, in.ReasonCodeID)
	return r.verb(ctx, err, func(p inbox.Principal) (desk.Outcome, error) { return run(ctx, p, req) })
}

func (r *Resolver) setStatus(ctx context.Context, p inbox.Principal, req desk.Request, in model.SetStatusInput) (desk.Outcome, error) {
	with := desk.Closing{Reason: value(in.Reason), Note: value(in.Note), EndTokens: value(in.RevokeContactTokens)}
	switch {
	case in.Status == inbox.Closed:
		return r.Inbox.Desk.Close(ctx, p, req, with)
	case with.EndTokens:
		return desk.Outcome{}, inbox.Invalid("revokeContactTokens", "revokeContactTokens goes with the status CLOSED only. To keep the conversation open, use the mutation revokeContactTokens.")
	case req.ReasonCode != "":
		return desk.Outcome{}, inbox.Invalid("reasonCodeId", "A reason code goes with the status CLOSED only. Leave it out.")
	case with.Reason != "":
		return desk.Outcome{}, inbox.Invalid("reason", "A reason goes with the status CLOSED only. Leave it out.")
	case with.Note != "":
		return desk.Outcome{}, inbox.Invalid("note", "A note goes with the status CLOSED only. Write one with sendMessage, internal: true.")
	}
	return r.Inbox.Desk.SetStatus(ctx, p, req, in.Status)
}

func (r *Resolver) returnToAgent(ctx context.Context, in model.ReturnToAgentInput) (*model.OwnershipPayload, error) {
	req, err := reasonedRequest(in.ConversationID, in.ExpectedVersion, in.IdempotencyKey, in.ReasonCodeID)
	return r.verb(ctx, err, func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.ReturnToAgent(ctx, p, req, value(in.Note))
	})
}

// send is verb for mutations that write a message.
func (r *Resolver) send(ctx context.Context, argument error, run func(inbox.Principal) (desk.Sent, error)) (*model.SendMessagePayload, error) {
	if argument != nil {
		return r.sent(ctx, desk.Sent{}, argument)
	}
	out, err := run(scopeOf(ctx).access.Principal)
	payload, err := r.sent(ctx, out, err)
	if err != nil || !out.Continued || payload.Conversation == nil {
		return payload, err
	}
	payload.ContactToken, err = r.contactToken(ctx, out.Conversation)
	return payload, err
}

func sendRequest(in model.SendMessageInput) (desk.SendRequest, error) {
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, in.ConversationID)
	return desk.SendRequest{Conversation: id, Body: in.Body, Internal: value(in.Internal), Epoch: in.Epoch, Key: value(in.IdempotencyKey)}, err
}

func (r *Resolver) startNew(ctx context.Context, in model.StartNewInput) (*model.SendMessagePayload, error) {
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, in.ConversationID)
	return r.send(ctx, err, func(p inbox.Principal) (desk.Sent, error) {
		return r.Inbox.Messages.StartNew(ctx, p, id, in.Body, value(in.IdempotencyKey))
	})
}

// contactToken makes a token for the contact of c. Only here are such tokens
// issued. It returns null to a caller who may not hold one. B:N2.
func (r *Resolver) contactToken(ctx context.Context, c inbox.Conversation) (*string, error) {
	a := scopeOf(ctx).access
	if !access.MayHoldContactToken(a, c) {
		return nil, nil
	}
	token, err := r.ContactToken(c, access.TokenIssuer(a))
	if err != nil {
		return nil, err
	}
	return &token, nil
}

func (r *Resolver) startLivechat(ctx context.Context, in model.StartLivechatInput) (*model.StartLivechatPayload, error) {
	n := desk.NewConversation{
		Subject: value(in.Subject), Channel: value(in.Channel), Contact: contactInput(in.Contact),
		ExternalID: value(in.ExternalID), Message: value(in.Message), Key: value(in.IdempotencyKey),
	}
	var err error
	n.Agent, err = optionalID[workspace.AgentID]("aiAgentId", typeAgent, in.AiAgentID)
	var out desk.Outcome
	s := scopeOf(ctx)
	if err == nil {
		out, err = r.Inbox.Intake.StartLivechat(ctx, s.access.Principal, n)
	}
	refused, ok := s.userErrors(ctx, err)
	if !ok {
		return nil, err
	}
	payload := &model.StartLivechatPayload{Warnings: warningsOf(out.Warnings), UserErrors: refused}
	if err == nil {
		payload.Conversation = s.conversation(out.Conversation)
		payload.ContactToken, err = r.contactToken(ctx, out.Conversation)
		return payload, err
	}
	return payload, nil
}
