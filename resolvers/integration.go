package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

func (r *Resolver) postMessage(ctx context.Context, in model.PostMessageInput) (*model.SendMessagePayload, error) {
	ref, err := refOf(in.ConversationID, in.ConversationExternalID)
	post := desk.Posting{
		Conversation: ref, Body: in.Body, ExternalID: value(in.ExternalID), Epoch: in.Epoch, Key: value(in.IdempotencyKey),
	}
	if err == nil {
		post.Agent, err = authorOf(in.Author)
	}
	return r.send(ctx, err, func(p inbox.Principal) (desk.Sent, error) { return r.Inbox.Messages.Post(ctx, p, post) })
}

// authorOf reads the author of a message; empty for the contact.
func authorOf(in *model.PostAuthor) (workspace.AgentID, error) {
	switch {
	case in.AiAgentID != nil:
		return idOf[workspace.AgentID]("author.aiAgentId", typeAgent, *in.AiAgentID)
	case !value(in.Contact):
		return "", inbox.Invalid("author.contact", "contact can only be true. Name an AI agent by aiAgentId instead.")
	}
	return "", nil
}

// refOf reads which conversation is meant. That one of the two is given is for
// the domain to ask.
func refOf(id, externalID *string) (ref desk.ConversationRef, err error) {
	ref.ExternalID = value(externalID)
	ref.ID, err = optionalID[inbox.ConversationID]("conversationId", typeConversation, id)
	return ref, err
}

func (r *Resolver) conversationByExternalID(ctx context.Context, externalID string) (*model.Conversation, error) {
	if externalID == "" {
		return nil, inbox.Invalid("externalId", "externalId is empty. Pass the id that the conversation was made with.")
	}
	s := scopeOf(ctx)
	c, err := r.Inbox.Messages.Fed(ctx, s.access.Principal, desk.ConversationRef{ExternalID: externalID})
	if err != nil {
		return nil, err
	}
	return s.conversation(c), nil
}

func (r *Resolver) createContactToken(ctx context.Context, in model.CreateContactTokenInput) (*model.CreateContactTokenPayload, error) {
	ref, err := refOf(in.ConversationID, in.ConversationExternalID)
	return runAdmin(ctx, err, func(p inbox.Principal) (*string, error) {
		c, err := r.Inbox.Messages.FedByKey(ctx, p, ref)
		if err != nil {
			return nil, err
		}
		return r.contactToken(ctx, c)
	}, func(token **string, refused refusals) *model.CreateContactTokenPayload {
		return &model.CreateContactTokenPayload{ContactToken: value(token), UserErrors: refused}
	})
}

func (r *Resolver) revokeContactTokens(ctx context.Context, in model.RevokeContactTokensInput) (*model.RevokeContactTokensPayload, error) {
	ref, err := refOf(in.ConversationID, in.ConversationExternalID)
	s := scopeOf(ctx)
	return runAdmin(ctx, err, func(p inbox.Principal) (inbox.Conversation, error) {
		return r.Inbox.Desk.RevokeContactTokens(ctx, p, ref, value(in.IdempotencyKey))
	}, func(c *inbox.Conversation, refused refusals) *model.RevokeContactTokensPayload {
		out := &model.RevokeContactTokensPayload{UserErrors: refused}
		if c != nil && (s.access.Sees(*c) || access.MayHoldContactToken(s.access, *c)) {
			out.Conversation = s.conversation(*c)
		}
		return out
	})
}
