package desk

import (
	"context"
	"errors"
	"strconv"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
)

// RevokeContactTokens ends every contact token of a conversation at once, on every
// server, and answers with the conversation. It needs contacts.manage, or an API
// key that feeds the conversation. Tokens that are made afterwards hold.
func (s *Service) RevokeContactTokens(ctx context.Context, p inbox.Principal, ref ConversationRef, key string) (inbox.Conversation, error) {
	idem, err := s.base.Key(p, key, "revokeContactTokens", ref)
	if err != nil {
		return inbox.Conversation{}, err
	}
	for range commit.MaxAttempts {
		a, c, err := s.run.lookRef(ctx, p, ref)
		if err != nil {
			return inbox.Conversation{}, err
		}
		if err := access.MayEndTokens(a, c); err != nil {
			return inbox.Conversation{}, err
		}
		if done, ok, err := s.run.repeat(ctx, a, idem); ok || err != nil {
			return done.Conversation, err
		}
		m := inbox.EndTokens(c, inbox.Command{By: p.Actor, At: s.base.Clock(), Rules: a.Rules()})
		m.Event.Key = idem
		s.base.Seal(&m, c)
		change := commit.Change{Conversation: m.After, Event: m.Event}
		s.run.endTokens(&change, c)
		switch err = s.store.Commit(ctx, change); {
		case err == nil:
			s.base.Committed(m.Event)
			return *m.Event.After, nil
		case !errors.Is(err, commit.ErrStale) && !errors.Is(err, commit.ErrDuplicateKey):
			return inbox.Conversation{}, err
		}
	}
	return inbox.Conversation{}, commit.TooBusy()
}

// endTokens makes a change, which leaves the conversation with the next issue
// number, one that ends the tokens of c, and records it in the audit log.
func (s *runner) endTokens(change *commit.Change, c inbox.Conversation) {
	change.EndTokens, change.Guard.TokenIssue = true, &c.TokenIssue
	change.Audit = &audit.AuditEntry{
		ID: s.base.NewID(), Workspace: c.Workspace, At: change.Event.At, Actor: change.Event.Actor, Action: audit.AuditTokensRevoke,
		Target: audit.AuditTarget{Kind: audit.AuditConversation, ID: string(c.ID), Name: "conversation"}, // whoever reads the log may not see its subject
		Fields: []audit.AuditField{{Field: "tokenIssue", From: strconv.Itoa(c.TokenIssue), To: strconv.Itoa(change.Conversation.TokenIssue)}},
	}
}
