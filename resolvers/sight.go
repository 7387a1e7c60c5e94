package resolvers

import (
	"switchboard/inbox"
)

// sight is a view as one caller sees it at a time.
type sight struct {
	view inbox.View
	// reach is the caller's, matters the part of it that the view depends on.
	reach, matters inbox.Reach
	directory      *inbox.Directory
}

// look takes over the rights of now and reports whether that changes the view.
// What is the same directory is looked at only when asked to: the policy may
// have changed.
func (v *sight) look(a inbox.Access, closely bool) (changed bool) {
	if a.Directory == v.directory && !closely {
		return false
	}
	reach := a.Reach()
	matters := reach.For(v.view)
	changed = !matters.Equal(v.matters)
	v.directory, v.reach, v.matters = a.Directory, reach, matters
	return changed
}

// keys are those that the view can be heard of by.
func (v *sight) keys() []inbox.Key { return v.view.Keys(v.reach) }

// fingerprint is equal for callers who see the view in the same way. A cursor
// of the view holds it, so that rights which changed while a client was away are
// noticed.
func (v *sight) fingerprint() string { return string(listOf("reach", v.matters)) }

// liveCursor is where a page of the view that was read behind position can be
// kept right from; nil when the feed has named no place yet.
func (s *scope) liveCursor(view inbox.View, position string) *string {
	if position == "" {
		return nil
	}
	v := sight{view: view}
	v.look(s.access, true)
	at := liveCursors(s.access.Principal).cursor(position, v.fingerprint())
	return &at
}

// liveCursors are the cursors of all live streams of a workspace.
func liveCursors(p inbox.Principal) list { return listOf("live", p.Workspace) }
