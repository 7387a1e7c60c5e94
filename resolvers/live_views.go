package resolvers

import (
	"context"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live"
)

type changes = []*model.InboxChange

// viewStream follows one view for one caller. It keeps no list: what an event does
// to the view is told from before and after it.
type viewStream struct {
	visibleViews
	stream *stream[*model.InboxChange]
	// stale is why the client has to fetch again, until an item says so.
	stale live.GapReason
}

// inboxChanges follows a view. B:V4.
func (r *Resolver) inboxChanges(ctx context.Context, in *model.InboxView, after *string) (<-chan *model.InboxChange, error) {
	view, _, err := r.viewIn(ctx, in, nil)
	if err != nil {
		return nil, err
	}
	after = modeOf(ctx).after(after)
	v := &viewStream{visibleViews: newVisibleViews(view)}
	moved := false
	if v.stream, moved, err = watch[*model.InboxChange](ctx, r, &v.visibleViews, after); err != nil {
		return nil, err
	}
	if moved {
		v.stale = live.GapRightsChanged
	}
	if moved || after != nil && v.rightsMoved() {
		v.stream.gap(live.GapRightsChanged)
	}
	v.stream.emit = v.emit
	v.stream.mark = v.cursor
	v.stream.start(ctx)
	return v.stream.out, nil
}

// rightsMoved reports whether the rights may have changed while the client was
// away. The cursor of another stream does not hold them, but the missed events
// show that they were touched.
func (v *viewStream) rightsMoved() bool {
	if v.stream.seen.ID != anyRights {
		return v.stream.seen.ID != v.fingerprint()
	}
	return slices.ContainsFunc(v.stream.missed, func(item *live.Item) bool {
		d := item.Event.Directory
		return d != nil && (d.Workspace != nil || d.Member != nil)
	})
}

func (v *viewStream) emit(ctx context.Context, s *scope, item *live.Item) (changes, bool, error) {
	if err := s.access.ViewsAny(); err != nil {
		return nil, false, err
	}
	switch {
	case v.refresh(s.access, item.Event.Type == inbox.DirectoryEvent):
		v.stale = live.GapRightsChanged
	case v.starsChanged(s, item.Event):
		v.stale = live.GapStarsChanged
	}
	switch {
	case v.stale != "":
		return v.anew(ctx)
	case item.Gap:
		return v.gap(item.Position, item.Reason), true, nil
	case item.Event.After == nil:
		return nil, true, nil
	}
	return v.change(s, item), true, nil
}

// anew tells the client to fetch again: what went out of sight cannot be named
// without a list of all that was in it.
func (v *viewStream) anew(ctx context.Context) (changes, bool, error) {
	if err := resubscribe(ctx, v.stream, &v.visibleViews); err != nil {
		return nil, false, err
	}
	reason := v.stale
	v.stale = ""
	return v.gap(v.stream.position, reason), true, nil
}

func (v *viewStream) gap(position string, reason live.GapReason) changes {
	return changes{{Cursor: v.cursor(position), Gap: true, GapReason: v.stream.gapped(reason)}}
}

func (v *viewStream) cursor(position string) string {
	return v.stream.cursors.cursor(position, v.fingerprint())
}

func (v *viewStream) change(s *scope, item *live.Item) changes {
	e := item.Event
	change, reason := v.views[0].Change(v.filter, e, v.stream.r.Words)
	if change == "" {
		return nil
	}
	id := ConversationID(e.Conversation)
	out := &model.InboxChange{Cursor: v.cursor(item.Position), Change: &change, ConversationID: &id}
	if reason != "" {
		out.Reason = &reason
	}
	if reason != access.LeftNoLongerPermitted {
		out.Conversation = s.conversationIn(v.stream.shown(s, e))
	}
	return changes{out}
}
