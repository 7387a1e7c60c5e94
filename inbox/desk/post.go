package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// ConversationRef names a conversation by one of its two ids.
type ConversationRef struct {
	ID         inbox.ConversationID
	ExternalID string
}

// Posting is a message that an API key writes in the name of another author.
type Posting struct {
	Conversation ConversationRef
	// Agent is the author; empty for the conversation's contact.
	Agent workspace.AgentID
	Body  string
	// ExternalID is the caller's own id, unique in the conversation: a repeated one
	// changes nothing and returns the existing message.
	ExternalID string
	// Epoch is required of an AI agent.
	Epoch *int
	Key   string
}

// Post writes a message in the name of the conversation's contact or AI agent,
// which only an API key with the permission to reply may. Apart from that the
// author's own rights decide, as if the author had sent it: a contact's message is
// never refused because the conversation is closed. B:S2, B:H3, B:C4.
func (s *Messages) Post(ctx context.Context, p inbox.Principal, r Posting) (Sent, error) {
	send := SendRequest{Body: r.Body, Epoch: r.Epoch, externalID: r.ExternalID, relay: p.Actor}
	if err := send.check(); err != nil {
		return Sent{}, err
	}
	a, c, err := s.lookFed(ctx, p, r.Conversation)
	if err != nil {
		return Sent{}, err
	}
	send.Conversation = c.ID
	key, err := s.base.Key(p, r.Key, "post", c.ID, r.Agent, r.Body, r.ExternalID)
	if err != nil {
		return Sent{}, err
	}
	if done, ok, err := s.postedBefore(ctx, c, authorIn(c, r.Agent), r.ExternalID); ok || err != nil {
		return done.from(c.ID), err
	}
	if done, ok, err := s.sentBefore(ctx, a, key); ok || err != nil {
		return done.from(c.ID), err
	}
	author, err := inNameOf(a, c, r.Agent)
	if err != nil {
		return Sent{}, err
	}
	if r.Agent == "" {
		if err := s.run.words.Spend(MessageUsage{Workspace: p.Workspace, Contact: c.Contact, By: p.Actor, Bytes: len(r.Body)}); err != nil {
			return Sent{}, err
		}
	}
	sent, err := s.send(ctx, author, send, key)
	return sent.from(c.ID), err
}

// postedBefore returns the message of author whose id was used before in c or in
// one that continues it, and INVALID_INPUT for an id of another author's message.
func (s *Messages) postedBefore(ctx context.Context, c inbox.Conversation, author workspace.Actor, externalID string) (Sent, bool, error) {
	if externalID == "" {
		return Sent{}, false, nil
	}
	m, err := s.store.MessageByExternalID(ctx, c.Workspace, c.ID, externalID)
	switch {
	case inbox.IsNotFound(err) && c.Next == "":
		return Sent{}, false, nil
	case inbox.IsNotFound(err):
		next, err := s.store.Conversation(ctx, c.Workspace, c.Next)
		if err != nil {
			return Sent{}, false, err
		}
		return s.postedBefore(ctx, next, author, externalID)
	case err == nil && !m.Author.SameVoice(author):
		return Sent{}, true, inbox.Invalid("externalId", "This externalId names a message of another author. Use a new one for a new message.")
	}
	return Sent{Message: m, Conversation: c}, true, err
}

// authorIn is the AI agent that is named, else the contact of c.
func authorIn(c inbox.Conversation, agent workspace.AgentID) workspace.Actor {
	if agent != "" {
		return workspace.Actor{Kind: workspace.ActorAgent, ID: string(agent)}
	}
	return workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)}
}

// inNameOf is the access of the contact of c, or of its AI agent when one is
// named.
func inNameOf(a access.Access, c inbox.Conversation, agent workspace.AgentID) (access.Access, error) {
	author := inbox.Principal{Workspace: c.Workspace, Actor: authorIn(c, agent), Conversation: c.ID, TokenIssue: inbox.AnyIssue}
	if agent != "" {
		if _, known := a.Directory.Agent(agent); !known {
			missing := inbox.Missing("AI agent")
			missing.Field = []string{"author.aiAgentId"}
			return access.Access{}, missing
		}
		if agent != c.OriginAgent {
			return access.Access{}, inbox.Invalid("author.aiAgentId", "The conversation does not come from this AI agent.")
		}
		author.Conversation, author.TokenIssue = "", 0
	}
	return a.ActingAs(author)
}

// Fed finds a conversation for an API key that feeds it, or for a caller who may
// see it. NOT_FOUND if it does not exist in the workspace.
func (s *Messages) Fed(ctx context.Context, p inbox.Principal, ref ConversationRef) (inbox.Conversation, error) {
	a, c, err := s.run.lookRef(ctx, p, ref)
	if err != nil || access.Feeds(a, c).Allowed {
		return c, err
	}
	return c, s.run.lostAccess(ctx, a, c.ID, a.Refusal(c, a.Can(c, inbox.ActionView)))
}

// FedByKey is Fed for acts of API keys only.
func (s *Messages) FedByKey(ctx context.Context, p inbox.Principal, ref ConversationRef) (inbox.Conversation, error) {
	_, c, err := s.lookFed(ctx, p, ref)
	return c, err
}

func (s *Messages) lookFed(ctx context.Context, p inbox.Principal, ref ConversationRef) (access.Access, inbox.Conversation, error) {
	a, c, err := s.run.lookRef(ctx, p, ref)
	if err != nil {
		return access.Access{}, inbox.Conversation{}, err
	}
	return a, c, a.Refusal(c, access.Feeds(a, c))
}

func (s *runner) lookRef(ctx context.Context, p inbox.Principal, ref ConversationRef) (access.Access, inbox.Conversation, error) {
	switch {
	case (ref.ID == "") == (ref.ExternalID == ""):
		return access.Access{}, inbox.Conversation{}, inbox.Invalid("conversationId", "Name the conversation by conversationId or by conversationExternalId, one of them.")
	case ref.ExternalID == "":
		return s.base.Look(ctx, p, ref.ID)
	}
	if err := inbox.CheckKey("conversationExternalId", ref.ExternalID); err != nil {
		return access.Access{}, inbox.Conversation{}, err
	}
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return access.Access{}, inbox.Conversation{}, err
	}
	c, err := s.store.ConversationByExternalID(ctx, p.Workspace, ref.ExternalID)
	c, err = s.base.Known(a, c, err)
	return a, c, err
}
