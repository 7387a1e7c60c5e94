package live

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Apply takes what the feed brings. Everything but directory events is ignored.
func (d *Directories) Apply(e inbox.Event) {
	if e.Type == inbox.DirectoryEvent && e.Directory != nil {
		d.Applied(e.Workspace, *e.Directory)
	}
}

// Applied takes a committed change of the directory of ws. Directory answers
// with it, or with something newer, from the moment Applied returns. What c
// points at must not be written to afterwards.
func (d *Directories) Applied(ws workspace.WorkspaceID, c workspace.DirectoryChange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, flying := d.flights[ws]; flying {
		f.miss(c)
	}
	e := d.entry(ws)
	if e == nil {
		return
	}
	next := e.snapshot.Load()
	if next.directory != nil && !next.fleeting() {
		next = next.with(c)
	}
	if next.directory == nil || next.fleeting() {
		// There is such a workspace after all, or it may be another one by now.
		d.order.Remove(ws)
		return
	}
	e.snapshot.Store(next)
}

// FeedLost says that changes may be missing from now on.
func (d *Directories) FeedLost() {
	d.distrust(func(next *trust) { next.live = false })
}

// FeedBack says that every change committed from now on will be applied. What was
// loaded before is loaded again before it is used, however young it is: the changes
// that it lacks may be a long way down the feed, or never come, while what is
// judged by it has been heard.
func (d *Directories) FeedBack() {
	d.distrust(func(next *trust) { next.live, next.floor = true, next.number })
}

// Forget makes every directory be loaded before it is used again, however young
// it is: for a feed that leaves changes out.
func (d *Directories) Forget() {
	d.distrust(func(next *trust) { next.floor = next.number })
}

func (d *Directories) distrust(change func(next *trust)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := *d.trust.Load()
	next.number++
	change(&next)
	d.trust.Store(&next)
}

// Renew makes every directory in memory another one of the same content. Whoever
// judged by one judges anew with its next item, within a second at the latest: for a
// policy that was replaced, which directories do not contain.
func (d *Directories) Renew() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.order.Values() {
		if s := *e.snapshot.Load(); s.directory != nil {
			s.directory = s.directory.Remembering() // forgets what was worked out by the old policy
			e.snapshot.Store(&s)
		}
	}
}
