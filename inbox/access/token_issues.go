package access

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// TokenIssues gives the issue number that the contact tokens of a conversation
// must name; 0 for a conversation that does not exist. An answer may come from
// memory as long as the feed keeps that memory right.
type TokenIssues interface {
	TokenIssue(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (int, error)
	// Committed reports a change that this process made, before the feed brings it.
	Committed(e inbox.Event)
}

// StoredTokenIssues reads the store each time.
func StoredTokenIssues(s TokenStore) TokenIssues { return storedIssues{s} }

// TokenStore is what StoredTokenIssues reads.
type TokenStore interface {
	// Conversation finds a conversation; NOT_FOUND for none.
	Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error)
}

type storedIssues struct{ store TokenStore }

var _ TokenIssues = storedIssues{}

// TokenIssue is described with TokenIssues.
func (s storedIssues) TokenIssue(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (int, error) {
	c, err := s.store.Conversation(ctx, ws, id)
	if inbox.IsNotFound(err) {
		return 0, nil
	}
	return c.TokenIssue, err
}

// Committed has nothing to forget.
func (storedIssues) Committed(inbox.Event) {}

// checkToken gives UNAUTHENTICATED for a contact's token of an issue that is over.
func (s *Callers) checkToken(ctx context.Context, p inbox.Principal) error {
	now, err := s.tokens.TokenIssue(ctx, p.Workspace, p.Conversation)
	if err == nil && now != p.TokenIssue {
		err = TokenRevoked()
	}
	return err
}

// Admit returns UNAUTHENTICATED for a caller that Access would refuse.
func (s *Callers) Admit(ctx context.Context, p inbox.Principal) error {
	_, err := s.Access(ctx, p)
	return err
}
