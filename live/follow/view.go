package follow

import (
	"context"
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live/feed"
)

// ViewChange is an item of View; it is zero for a gap.
type ViewChange struct {
	Change access.ViewChange
	// Reason is why the conversation left the view.
	Reason access.LeaveReason
	Event  inbox.Event
	// Now is the conversation as it is.
	Now inbox.Conversation
}

// view follows one view for one caller. It keeps no list: what an event does to the
// view follows from the states before and after it.
type view struct {
	*Stream[ViewChange]
	views
	// stale is why the subscriber has to fetch again, until a delivery says so.
	stale feed.GapReason
}

// View follows a view. B:V4.
func (f *Streams) View(ctx context.Context, r Request, of access.View) (*Stream[ViewChange], error) {
	v := &view{views: views{all: []*access.View{&of}}}
	s, moved, err := watch[ViewChange](ctx, f, r, &v.views)
	if err != nil {
		return nil, err
	}
	v.Stream = s
	reason := v.changedMeanwhile()
	if moved {
		v.stale, reason = feed.GapRightsChanged, feed.GapRightsChanged
	}
	if reason != "" {
		s.beginWith(reason)
	}
	s.emit, s.rights = v.emit, v.fingerprint
	return s, nil
}

// changedMeanwhile is why the view may have changed without an event of its
// conversations while the subscriber was away; empty if it has not, or if the
// subscriber is told of another gap. The token of another stream holds neither rights
// nor stars, but the missed events show whether they were touched.
func (v *view) changedMeanwhile() feed.GapReason {
	rights, _, _ := strings.Cut(v.seen.Rights, starsMark)
	now, _, _ := strings.Cut(v.fingerprint(), starsMark)
	switch {
	case v.request.After == nil || v.lost != "":
		return ""
	case v.seen.Rights == AnyRights && !slices.ContainsFunc(v.missed, touchesRights):
		return ""
	case v.seen.Rights == v.fingerprint():
		return ""
	case rights == now:
		return feed.GapStarsChanged
	default:
		return feed.GapRightsChanged
	}
}

func touchesRights(item *feed.Item) bool {
	d := item.Event.Directory
	return d != nil && (d.Workspace != nil || d.Member != nil)
}

func (v *view) emit(ctx context.Context, item *feed.Item) error {
	if err := v.access.ViewsAny(); err != nil {
		return err
	}
	e := item.Event
	switch {
	case v.refresh(v.access, e.Type == inbox.DirectoryEvent):
		v.stale = feed.GapRightsChanged
	case v.starsChanged(v.access, e):
		v.stale = feed.GapStarsChanged
	}
	switch {
	case v.stale != "":
		return v.renew(ctx)
	case item.Gap:
		v.refetch(item.Reason)
	case e.After != nil:
		if change, reason := v.all[0].Change(v.filter, e, v.Words); change != "" {
			v.push(ViewChange{change, reason, e, v.present(e)})
		}
	}
	return nil
}

// renew has the subscriber fetch again: what went out of sight cannot be named
// without a list of all that was in the view.
func (v *view) renew(ctx context.Context) error {
	if err := rewatch(ctx, v.Stream, &v.views); err != nil {
		return err
	}
	v.refetch(v.stale)
	v.stale = ""
	return nil
}

func (v *view) refetch(reason feed.GapReason) {
	v.gap = reason
	v.push(ViewChange{})
}
