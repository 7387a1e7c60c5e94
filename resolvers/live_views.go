package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox/access"
	"switchboard/live/follow"
)

func (r *Resolver) inboxChanges(ctx context.Context, in *model.InboxView, after *string) (<-chan *model.InboxChange, error) {
	view, _, err := r.viewIn(ctx, in, nil)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.View(ctx, r.request(ctx, after), view)
	return deliver(ctx, r, st, err, inboxChangeOf)
}

func inboxChangeOf(_ context.Context, d delivered[follow.ViewChange]) (*model.InboxChange, error) {
	out := &model.InboxChange{Cursor: d.cursor, Gap: d.Gap != "", GapReason: gapReason(d.Gap)}
	if out.Gap {
		return out, nil
	}
	c := d.Body
	id := ConversationID(c.Event.Conversation)
	out.Change, out.ConversationID, out.Reason = &c.Change, &id, optional(c.Reason)
	if c.Reason != access.LeftNoLongerPermitted {
		out.Conversation = d.scope.conversationIn(d.scope.changed(c.Event, c.Now))
	}
	return out, nil
}
