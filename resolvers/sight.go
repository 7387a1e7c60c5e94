package resolvers

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// sight is some views as one caller sees them at a time.
type sight struct {
	views []access.View
	// reach is the caller's, matters the parts of it that the views depend on.
	reach     access.Reach
	matters   []access.Reach
	directory *workspace.Directory
	// starred are the caller's stars, if a view asks for them.
	starred []inbox.ConversationID
}

func sightOf(views ...access.View) sight { return sight{views: views} }

// look takes over the rights of now and reports whether that changes the views.
// What is the same directory is looked at only when asked to: the policy may
// have changed.
func (v *sight) look(a access.Access, closely bool) (changed bool) {
	if a.Directory == v.directory && !closely {
		return false
	}
	before := v.matters
	v.directory, v.reach, v.matters = a.Directory, a.Reach(), make([]access.Reach, 0, len(v.views))
	v.reach.Starred = v.starred
	for _, view := range v.views {
		v.matters = append(v.matters, v.reach.For(view))
	}
	return !slices.EqualFunc(before, v.matters, access.Reach.Equal)
}

// keys are those that the views can be heard of by.
func (v *sight) keys() []access.Key {
	keys := []access.Key{access.Nothing} // no key at all would be all of them
	for _, view := range v.views {
		keys = append(keys, view.Keys(v.reach)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// fingerprint is equal for callers who see the views in the same way. A cursor
// holds it, so that rights which changed while a client was away are noticed.
func (v *sight) fingerprint() string { return fingerprintOf("reach", v.matters) }

// liveCursor is where a page of the view that was read behind position can be
// kept right from; nil when the feed has named no place yet.
func (r *Resolver) liveCursor(ctx context.Context, s *scope, view access.View, position string) (*string, error) {
	if position == "" {
		return nil, nil
	}
	v := sightOf(view)
	if err := v.readStars(ctx, r.Inbox, s.access.Principal); err != nil {
		return nil, err
	}
	v.look(s.access, true)
	at := r.liveCursors(s.access.Principal).cursor(position, v.fingerprint())
	return &at, nil
}

// began is a cursor of where the feed stood when the response began; nil when it
// has named no place yet.
func (r *Resolver) began(s *scope) *string {
	since := s.since.Behind(s.tells)
	if since == "" {
		return nil
	}
	at := r.liveCursors(s.access.Principal).cursor(since, anyRights)
	return &at
}

// watch subscribes by the keys of the views, which come from the rights. Moved
// says that the rights changed before the subscription was there.
func watch[T any](ctx context.Context, r *Resolver, v *sight, after *string) (st *stream[T], moved bool, err error) {
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
	v.look(s.access, true)
	if st, s, err = open[T](ctx, r, after, v.keys()...); err != nil {
		return nil, false, err
	}
	return st, v.look(s.access, true), nil
}

// refile listens by the keys of the rights of now, and drops what was not told
// yet.
func refile[T any](ctx context.Context, st *stream[T], v *sight) error {
	if err := v.readStars(ctx, st.r.Inbox, st.principal); err != nil {
		return err
	}
	for moved := true; moved; {
		st.refile(v.keys()...)
		st.missed = nil
		s, err := newScope(ctx, st.r.Inbox, st.principal)
		if err != nil {
			return err
		}
		moved = v.look(s.access, true)
	}
	return nil
}
