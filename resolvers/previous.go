package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// previous is the closed conversation that c continues; null when there is none,
// or the viewer may not see it. B:C4.
func (r *Resolver) previous(ctx context.Context, c inbox.Conversation) (*model.Conversation, error) {
	if c.Previous == "" {
		return nil, nil
	}
	s := scopeOf(ctx)
	before, err := s.loaders.conversation.Load(ctx, c.Previous)
	if err != nil || before.ID == "" || !s.access.Sees(before) {
		return nil, err
	}
	return s.conversation(before), nil
}
