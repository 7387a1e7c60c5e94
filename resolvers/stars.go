package resolvers

import (
	"cmp"
	"context"
	"sync"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/services"
	"switchboard/inbox/shelf"
)

// stars are the caller's, read once for all conversations of a response.
type stars struct {
	service   *services.Services
	principal inbox.Principal

	mu   sync.Mutex
	held map[inbox.ConversationID]bool // nil until they are read
}

func (s *stars) on(ctx context.Context, id inbox.ConversationID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held != nil {
		return s.held[id], nil
	}
	ids, err := s.service.Shelf.Starred(ctx, s.principal)
	if err != nil {
		return false, err
	}
	s.held = make(map[inbox.ConversationID]bool, len(ids))
	for _, starred := range ids {
		s.held[starred] = true
	}
	return s.held[id], nil
}

// forget has them read again.
func (s *stars) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = nil
}

// hasStarred is false for a conversation that the caller may no longer see.
func (s *scope) hasStarred(ctx context.Context, c *model.Conversation) (bool, error) {
	if c.Hidden {
		return false, nil
	}
	return s.loaders.stars.on(ctx, c.Source.ID)
}

func (r *Resolver) starConversation(ctx context.Context, in model.StarConversationInput) (*model.StarConversationPayload, error) {
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, in.ConversationID)
	s := scopeOf(ctx)
	return runAdmin(ctx, cmp.Or(shelf.MaySave(s.access), err), func(p inbox.Principal) (inbox.Conversation, error) {
		c, err := r.Inbox.Shelf.SetStar(ctx, p, id, in.Starred)
		s.loaders.stars.forget() // another mutation of the same document may have asked
		return c, err
	}, func(c *inbox.Conversation, refused refusals) *model.StarConversationPayload {
		return &model.StarConversationPayload{Conversation: toModel(c, s.conversation), UserErrors: refused}
	})
}

// awaitingReplySince is null for callers who may not read the messages.
func (d disclosed) awaitingReplySince() *time.Time {
	if !d.open {
		return nil
	}
	return optionalTime(d.AwaitingReplySince)
}

// optionalTime is null for the zero time.
func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
