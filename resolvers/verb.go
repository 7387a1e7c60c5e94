package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// verb runs an ownership verb unless its arguments could not be read, and
// answers with its payload.
func (r *Resolver) verb(ctx context.Context, argument error, run func(inbox.Principal) (inbox.Outcome, error)) (*model.OwnershipPayload, error) {
	if argument != nil {
		return r.ownership(ctx, inbox.Outcome{}, argument)
	}
	out, err := run(scopeOf(ctx).access.Principal)
	return r.ownership(ctx, out, err)
}

// plainVerb is verb for what takes nothing but the conversation.
func (r *Resolver) plainVerb(ctx context.Context, in model.ConversationInput, run func(context.Context, inbox.Principal, inbox.Request) (inbox.Outcome, error)) (*model.OwnershipPayload, error) {
	req, err := request(in.ConversationID, in.ExpectedVersion, in.IdempotencyKey)
	return r.verb(ctx, err, func(p inbox.Principal) (inbox.Outcome, error) { return run(ctx, p, req) })
}

// send is verb for what writes a message.
func (r *Resolver) send(ctx context.Context, argument error, run func(inbox.Principal) (inbox.Sent, error)) (*model.SendMessagePayload, error) {
	if argument != nil {
		return r.sent(ctx, inbox.Sent{}, argument)
	}
	out, err := run(scopeOf(ctx).access.Principal)
	return r.sent(ctx, out, err)
}

func sendRequest(in model.SendMessageInput) (inbox.SendRequest, error) {
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, in.ConversationID)
	return inbox.SendRequest{Conversation: id, Body: in.Body, Internal: value(in.Internal), Epoch: in.Epoch, Key: value(in.IdempotencyKey)}, err
}

func (r *Resolver) startNew(ctx context.Context, in model.StartNewInput) (*model.SendMessagePayload, error) {
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, in.ConversationID)
	var started inbox.Conversation
	payload, err := r.send(ctx, err, func(p inbox.Principal) (inbox.Sent, error) {
		sent, err := r.Inbox.StartNew(ctx, p, id, in.Body, value(in.IdempotencyKey))
		started = sent.Conversation
		return sent, err
	})
	if err != nil || payload.Conversation == nil || scopeOf(ctx).access.Principal.Actor.Kind != inbox.ActorContact {
		return payload, err
	}
	payload.ContactToken, err = r.contactToken(started)
	return payload, err
}

func (r *Resolver) contactToken(c inbox.Conversation) (*string, error) {
	token, err := r.ContactToken(c)
	return &token, err
}

func (r *Resolver) startLivechat(ctx context.Context, in model.StartLivechatInput) (*model.StartLivechatPayload, error) {
	n := inbox.NewConversation{
		Subject: value(in.Subject), Channel: value(in.Channel), Contact: contactInput(in.Contact),
		ExternalID: value(in.ExternalID), Message: value(in.Message), Key: value(in.IdempotencyKey),
	}
	var err error
	if in.AiAgentID != nil {
		n.Agent, err = idOf[inbox.AgentID]("aiAgentId", typeAgent, *in.AiAgentID)
	}
	var out inbox.Outcome
	s := scopeOf(ctx)
	if err == nil {
		out, err = r.Inbox.StartLivechat(ctx, s.access.Principal, n)
	}
	refused, ok := s.userErrors(err)
	if !ok {
		return nil, err
	}
	payload := &model.StartLivechatPayload{UserErrors: refused}
	if err == nil {
		payload.Conversation = s.conversation(out.Conversation)
		payload.ContactToken, err = r.contactToken(out.Conversation)
		return payload, err
	}
	return payload, nil
}
