package commit

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Find loads a conversation of the caller's workspace. For a contact there is
// no other than its own, and that only while its token holds; for an API key none that
// access.Knows denies. B:V8.
func (s *Base) Find(ctx context.Context, p inbox.Principal, id inbox.ConversationID) (inbox.Conversation, error) {
	if p.Actor.Kind == workspace.ActorContact && id != p.Conversation {
		return inbox.Conversation{}, inbox.Missing("conversation")
	}
	c, err := s.store.Conversation(ctx, p.Workspace, id)
	if err == nil && !p.Holds(c) {
		return inbox.Conversation{}, access.TokenRevoked()
	}
	if err != nil || p.Actor.Kind != workspace.ActorPartner {
		return c, err
	}
	a, err := s.callers.Access(ctx, p)
	return s.Known(a, c, err)
}

// Known is c, unless reading it failed or it does not exist for the caller: NOT_FOUND.
func (*Base) Known(a access.Access, c inbox.Conversation, err error) (inbox.Conversation, error) {
	if err == nil && !access.Knows(a, c) {
		err = inbox.Missing("conversation")
	}
	if err != nil {
		return inbox.Conversation{}, err
	}
	return c, nil
}

// Look resolves the caller and loads a conversation, whether the caller may see
// it or not.
func (s *Base) Look(ctx context.Context, p inbox.Principal, id inbox.ConversationID) (access.Access, inbox.Conversation, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return access.Access{}, inbox.Conversation{}, err
	}
	c, err := s.Find(ctx, p, id)
	return a, c, err
}

// CountLimit bounds how far a total is counted.
const CountLimit = 1_000
