package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live/follow"
)

func (r *Resolver) inboxCounted(ctx context.Context, in []*model.InboxView) (<-chan *model.InboxCountsChange, error) {
	views, err := r.viewsOf(ctx, in)
	if err != nil {
		return nil, err
	}
	st, err := r.streams.Counts(ctx, r.request(ctx, nil), views)
	return deliver(ctx, r, st, err, countsChangeOf)
}

func countsChangeOf(_ context.Context, d delivered[[]follow.ViewCount]) (*model.InboxCountsChange, error) {
	out := &model.InboxCountsChange{Cursor: d.cursor, Counts: []*model.InboxCount{}}
	for _, one := range d.Body {
		out.Counts = append(out.Counts, &model.InboxCount{View: one.View, Count: one.Count})
	}
	return out, nil
}

func (r *Resolver) viewsOf(ctx context.Context, in []*model.InboxView) ([]access.View, error) {
	if len(in) > maxViews {
		return nil, inbox.Invalid("views", "views has %d entries; at most %d are allowed.", len(in), maxViews)
	}
	views := make([]access.View, 0, len(in))
	for _, v := range in {
		view, _, err := r.viewIn(ctx, v, nil)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}
