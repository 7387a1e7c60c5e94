package resolvers

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// visibleViews is some views as one caller sees them at a time.
type visibleViews struct {
	views []access.View
	// filter is the caller's, matters the parts of it that the views depend on.
	filter    access.VisibilityFilter
	relevant  []access.VisibilityFilter
	directory *workspace.Directory
	// starred are the caller's stars, if a view asks for them.
	starred []inbox.ConversationID
}

func newVisibleViews(views ...access.View) visibleViews { return visibleViews{views: views} }

// refresh takes over the rights of now and reports whether that changes the views.
// What is the same directory is looked at only when asked to: between the change of
// the policy and that of the directories lies a moment.
func (v *visibleViews) refresh(a access.Access, closely bool) (changed bool) {
	if a.Directory == v.directory && !closely {
		return false
	}
	before := v.relevant
	v.directory, v.filter, v.relevant = a.Directory, a.VisibilityFilter(), make([]access.VisibilityFilter, 0, len(v.views))
	v.filter.Starred = v.starred
	for _, view := range v.views {
		v.relevant = append(v.relevant, v.filter.For(view))
	}
	return !slices.EqualFunc(before, v.relevant, access.VisibilityFilter.Equal)
}

// facets are those that the views can be heard of by.
func (v *visibleViews) facets() []access.Facet {
	keys := []access.Facet{access.NoFacet} // no key at all would be all of them
	for _, view := range v.views {
		keys = append(keys, view.Facets(v.filter)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// fingerprint is equal for callers who see the views in the same way. A cursor
// holds it, so that rights which changed while a client was away are noticed.
func (v *visibleViews) fingerprint() string { return fingerprintOf("reach", v.relevant) }

// liveCursor is where a page of the view that was read behind position can be
// kept right from; nil when the feed has named no place yet.
func (r *Resolver) liveCursor(ctx context.Context, s *scope, view access.View, position string) (*string, error) {
	if position == "" {
		return nil, nil
	}
	v := newVisibleViews(view)
	if err := v.readStars(ctx, r.Inbox, s.access.Principal); err != nil {
		return nil, err
	}
	v.refresh(s.access, true)
	at := r.liveCursors(s.access.Principal).cursor(position, v.fingerprint())
	return &at, nil
}

// began is a cursor of where the feed stood when the response began; nil when it
// has named no place yet.
func (r *Resolver) began(s *scope) *string {
	since := s.since.PositionAfter(s.visible)
	if since == "" {
		return nil
	}
	at := r.liveCursors(s.access.Principal).cursor(since, anyRights)
	return &at
}

// watch subscribes by the keys of the views, which come from the rights. Moved
// says that the rights changed before the subscription was there.
func watch[T any](ctx context.Context, r *Resolver, v *visibleViews, after *string) (st *stream[T], moved bool, err error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, false, err
	}
	s, err := newScope(ctx, r.Inbox, p)
	if err != nil {
		return nil, false, err
	}
	if err := s.access.ViewsAny(); err != nil {
		return nil, false, err
	}
	if err := v.readStars(ctx, r.Inbox, p); err != nil {
		return nil, false, err
	}
	v.refresh(s.access, true)
	if st, s, err = open[T](ctx, r, after, v.facets()...); err != nil {
		return nil, false, err
	}
	return st, v.refresh(s.access, true), nil
}

// resubscribe listens by the keys of the rights of now, and drops what was not told
// yet.
func resubscribe[T any](ctx context.Context, st *stream[T], v *visibleViews) error {
	if err := v.readStars(ctx, st.r.Inbox, st.principal); err != nil {
		return err
	}
	for moved := true; moved; {
		st.resubscribe(v.facets()...)
		st.missed = nil
		s, err := newScope(ctx, st.r.Inbox, st.principal)
		if err != nil {
			return err
		}
		moved = v.refresh(s.access, true)
	}
	return nil
}
