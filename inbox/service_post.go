package inbox

import "context"

// ConversationRef names a conversation by one of its two ids.
type ConversationRef struct {
	ID         ConversationID
	ExternalID string
}

// Posting is a message that an API key writes in the name of another author.
type Posting struct {
	Conversation ConversationRef
	// Agent is the author; empty for the conversation's contact.
	Agent AgentID
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
func (s *Service) Post(ctx context.Context, p Principal, r Posting) (Sent, error) {
	send := SendRequest{Body: r.Body, Epoch: r.Epoch, externalID: r.ExternalID, relay: p.Actor}
	if err := send.check(); err != nil {
		return Sent{}, err
	}
	a, c, err := s.lookFed(ctx, p, r.Conversation)
	if err != nil {
		return Sent{}, err
	}
	send.Conversation = c.ID
	key, err := s.key(p, r.Key, "post", c.ID, r.Agent, r.Body, r.ExternalID)
	if err != nil {
		return Sent{}, err
	}
	if done, ok, err := s.postedBefore(ctx, c, authorIn(c, r.Agent), r.ExternalID); ok || err != nil {
		return done.from(c.ID), err
	}
	if done, ok, err := s.sentBefore(ctx, a, key); ok || err != nil {
		return done.from(c.ID), err
	}
	author, err := a.inNameOf(c, r.Agent)
	if err != nil {
		return Sent{}, err
	}
	if r.Agent == "" {
		if err := s.words.Spend(Words{Workspace: p.Workspace, Contact: c.Contact, By: p.Actor, Bytes: len(r.Body)}); err != nil {
			return Sent{}, err
		}
	}
	sent, err := s.send(ctx, author, send, key)
	return sent.from(c.ID), err
}

// postedBefore returns the message of author whose id was used before in c or in
// one that continues it, and INVALID_INPUT for an id of another author's message.
func (s *Service) postedBefore(ctx context.Context, c Conversation, author Actor, externalID string) (Sent, bool, error) {
	if externalID == "" {
		return Sent{}, false, nil
	}
	m, err := s.store.MessageByExternalID(ctx, c.Workspace, c.ID, externalID)
	switch {
	case isNotFound(err) && c.Next == "":
		return Sent{}, false, nil
	case isNotFound(err):
		next, err := s.store.Conversation(ctx, c.Workspace, c.Next)
		if err != nil {
			return Sent{}, false, err
		}
		return s.postedBefore(ctx, next, author, externalID)
	case err == nil && !m.Author.sameVoice(author):
		return Sent{}, true, Invalid("externalId", "This externalId names a message of another author. Use a new one for a new message.")
	}
	return Sent{Message: m, Conversation: c}, true, err
}

// authorIn is the AI agent that is named, else the contact of c.
func authorIn(c Conversation, agent AgentID) Actor {
	if agent != "" {
		return Actor{Kind: ActorAgent, ID: string(agent)}
	}
	return Actor{Kind: ActorContact, ID: string(c.Contact)}
}

// inNameOf is the access of the contact of c, or of its AI agent when one is
// named.
func (a Access) inNameOf(c Conversation, agent AgentID) (Access, error) {
	author := Principal{Workspace: c.Workspace, Actor: authorIn(c, agent), Conversation: c.ID, TokenIssue: anyIssue}
	if agent != "" {
		if _, known := a.Directory.Agent(agent); !known {
			missing := Missing("AI agent")
			missing.Field = []string{"author.aiAgentId"}
			return Access{}, missing
		}
		if agent != c.OriginAgent {
			return Access{}, Invalid("author.aiAgentId", "The conversation does not come from this AI agent.")
		}
		author.Conversation, author.TokenIssue = "", 0
	}
	return a.actingAs(author)
}

// Fed finds a conversation for an API key that feeds it, or for a caller who may
// see it. NOT_FOUND if it does not exist in the workspace.
func (s *Service) Fed(ctx context.Context, p Principal, ref ConversationRef) (Conversation, error) {
	a, c, err := s.lookRef(ctx, p, ref)
	if err != nil || a.feeds(c).Allowed {
		return c, err
	}
	return c, s.lostAccess(ctx, a, c.ID, a.Refusal(c, a.Can(c, ActionView)))
}

// FedByKey is Fed for acts of API keys only.
func (s *Service) FedByKey(ctx context.Context, p Principal, ref ConversationRef) (Conversation, error) {
	_, c, err := s.lookFed(ctx, p, ref)
	return c, err
}

func (s *Service) lookFed(ctx context.Context, p Principal, ref ConversationRef) (Access, Conversation, error) {
	a, c, err := s.lookRef(ctx, p, ref)
	if err != nil {
		return Access{}, Conversation{}, err
	}
	return a, c, a.Refusal(c, a.feeds(c))
}

func (s *Service) lookRef(ctx context.Context, p Principal, ref ConversationRef) (Access, Conversation, error) {
	switch {
	case (ref.ID == "") == (ref.ExternalID == ""):
		return Access{}, Conversation{}, Invalid("conversationId", "Name the conversation by conversationId or by conversationExternalId, one of them.")
	case ref.ExternalID == "":
		return s.look(ctx, p, ref.ID)
	}
	if err := checkKey("conversationExternalId", ref.ExternalID); err != nil {
		return Access{}, Conversation{}, err
	}
	a, err := s.Access(ctx, p)
	if err != nil {
		return Access{}, Conversation{}, err
	}
	c, err := s.store.ConversationByExternalID(ctx, p.Workspace, ref.ExternalID)
	return a, c, err
}

// apiKeyOnly stands for the permission that no person can hold.
const apiKeyOnly = "apikey"

// feeds is the verdict on writing into c in the name of others.
func (a Access) feeds(c Conversation) Verdict {
	if a.Principal.Actor.Kind != ActorPartner {
		v := refuse(DeniedByPermission, PermissionDenied)
		v.Permission = apiKeyOnly
		return v
	}
	return a.permit(c, PermReply, ScopeAll)
}
