package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/live/follow"
)

func (r *Resolver) conversationUpdates(ctx context.Context, global string, after *string) (<-chan *model.ConversationUpdate, error) {
	id, err := idOf[inbox.ConversationID]("id", typeConversation, global)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Conversation(ctx, r.request(ctx, after), id)
	return deliver(ctx, r, st, err, conversationUpdateOf)
}

func conversationUpdateOf(_ context.Context, d delivered[follow.ConversationUpdate]) (*model.ConversationUpdate, error) {
	s, u := d.scope, d.Body
	out := &model.ConversationUpdate{
		Cursor: d.cursor, Gap: d.Gap != "", GapReason: gapReason(d.Gap), Conversation: s.conversation(u.Conversation), AccessLost: u.AccessLost,
	}
	if u.Past != nil {
		out.Snapshot = s.snapshot(*u.Past)
	}
	if u.Message != nil {
		out.Message = s.message(*u.Message, s.disclose(u.Conversation))
	}
	if u.Event != nil {
		out.Event = s.event(*u.Event, s.disclose(u.Conversation))
	}
	return out, nil
}
