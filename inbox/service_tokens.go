package inbox

import (
	"context"
	"errors"
	"strconv"
)

// TokenIssues gives the issue number that the contact tokens of a conversation
// must name; 0 for a conversation that does not exist. An answer may come from
// memory as long as the feed keeps that memory right.
type TokenIssues interface {
	TokenIssue(ctx context.Context, ws WorkspaceID, id ConversationID) (int, error)
	// Committed reports a change that this process made, before the feed brings it.
	Committed(e Event)
}

// StoredTokenIssues reads the store each time.
func StoredTokenIssues(s TokenStore) TokenIssues { return storedIssues{s} }

// TokenStore is what StoredTokenIssues reads.
type TokenStore interface {
	// Conversation finds a conversation; NOT_FOUND for none.
	Conversation(ctx context.Context, ws WorkspaceID, id ConversationID) (Conversation, error)
}

type storedIssues struct{ store TokenStore }

var _ TokenIssues = storedIssues{}

// TokenIssue is described with TokenIssues.
func (s storedIssues) TokenIssue(ctx context.Context, ws WorkspaceID, id ConversationID) (int, error) {
	c, err := s.store.Conversation(ctx, ws, id)
	if isNotFound(err) {
		return 0, nil
	}
	return c.TokenIssue, err
}

// Committed has nothing to forget.
func (storedIssues) Committed(Event) {}

// checkToken gives UNAUTHENTICATED for a contact's token of an issue that is over.
func (s *Service) checkToken(ctx context.Context, p Principal) error {
	now, err := s.tokens.TokenIssue(ctx, p.Workspace, p.Conversation)
	if err == nil && now != p.TokenIssue {
		err = tokenRevoked()
	}
	return err
}

// Admit returns UNAUTHENTICATED for a caller that Access would refuse.
func (s *Service) Admit(ctx context.Context, p Principal) error {
	_, err := s.Access(ctx, p)
	return err
}

// RevokeContactTokens ends every contact token of a conversation at once, on every
// server, and answers with the conversation. It needs contacts.manage, or an API
// key that feeds the conversation. Tokens that are made afterwards hold.
func (s *Service) RevokeContactTokens(ctx context.Context, p Principal, ref ConversationRef, key string) (Conversation, error) {
	idem, err := s.key(p, key, "revokeContactTokens", ref)
	if err != nil {
		return Conversation{}, err
	}
	for range maxAttempts {
		a, c, err := s.lookRef(ctx, p, ref)
		if err != nil {
			return Conversation{}, err
		}
		if err := a.mayEndTokens(c); err != nil {
			return Conversation{}, err
		}
		if done, ok, err := s.repeat(ctx, a, idem); ok || err != nil {
			return done.Conversation, err
		}
		m := EndTokens(c, Turn{By: p.Actor, At: s.clock(), Rules: a.Rules()})
		m.Event.Key = idem
		s.seal(&m, c)
		change := Change{Conversation: m.After, Event: m.Event}
		s.endTokens(&change, c)
		switch err = s.store.Commit(ctx, change); {
		case err == nil:
			s.committed(m.Event)
			return *m.Event.After, nil
		case !errors.Is(err, ErrStale) && !errors.Is(err, ErrDuplicateKey):
			return Conversation{}, err
		}
	}
	return Conversation{}, tooBusy()
}

// endTokens makes a change, which leaves the conversation with the next issue
// number, one that ends the tokens of c, and records it in the audit log.
func (s *Service) endTokens(change *Change, c Conversation) {
	change.EndTokens, change.Guard.TokenIssue = true, &c.TokenIssue
	change.Audit = &AuditEntry{
		ID: s.nextID(), Workspace: c.Workspace, At: change.Event.At, Actor: change.Event.Actor, Action: AuditTokensRevoke,
		Target: AuditTarget{Kind: AuditConversation, ID: string(c.ID), Name: "conversation"}, // whoever reads the log may not see its subject
		Fields: []AuditField{{Field: "tokenIssue", From: strconv.Itoa(c.TokenIssue), To: strconv.Itoa(change.Conversation.TokenIssue)}},
	}
}
