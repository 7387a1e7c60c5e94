package notify

import (
	"cmp"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ReadMarks record what a member has read: all notifications up to a place, and
// single ones after it.
type ReadMarks struct {
	Workspace workspace.WorkspaceID
	Member    workspace.MemberID
	// UpTo is the newest of those that were read together with all before them;
	// zero for none.
	UpTo inbox.PageCursor
	// Single were read by their ids, and mark nothing else: at most MaxSingleMarks,
	// oldest first.
	Single []inbox.PageCursor
	// Rev grows by one with every change.
	Rev int
}

// MaxSingleMarks bounds the single marks while something older is unread. From
// foldSingleMarks on, the service checks how far UpTo may move without marking
// anything else.
const (
	MaxSingleMarks  = 1_000
	foldSingleMarks = 200
)

// Read reports whether n was read.
func (r ReadMarks) Read(n inbox.Notification) bool {
	return r.covers(n.PageCursor()) || slices.ContainsFunc(r.Single, func(p inbox.PageCursor) bool { return p.ID == string(n.ID) })
}

func (r ReadMarks) covers(p inbox.PageCursor) bool { return p.Compare(r.UpTo) <= 0 }

// With are the marks after more was read: single ones, and everything up to a
// place unless that is zero.
func (r ReadMarks) With(upTo inbox.PageCursor, single []inbox.PageCursor) ReadMarks {
	out := r
	if upTo.Compare(r.UpTo) > 0 {
		out.UpTo = upTo
	}
	out.Single = slices.Concat(r.Single, single)
	slices.SortFunc(out.Single, func(a, b inbox.PageCursor) int { return cmp.Compare(a.ID, b.ID) })
	out.Single = slices.CompactFunc(out.Single, func(a, b inbox.PageCursor) bool { return a.ID == b.ID })
	slices.SortFunc(out.Single, inbox.PageCursor.Compare)
	out.Single = slices.DeleteFunc(out.Single, out.covers)
	if len(out.Single) == 0 {
		out.Single = nil // as it is read back
	}
	return out
}

// kept are the marks without those of notifications that are no longer kept.
func (r ReadMarks) kept(now time.Time) ReadMarks {
	over := now.Add(-2 * NotificationsKept) // even if clocks differ
	r.Single = slices.DeleteFunc(slices.Clone(r.Single), func(p inbox.PageCursor) bool { return p.At.Before(over) })
	return r
}

// folded are the marks where the single ones before oldest, the oldest that is
// unread, are part of UpTo; all of them where oldest is nil.
func (r ReadMarks) folded(oldest *inbox.PageCursor) ReadMarks {
	for _, p := range r.Single {
		if oldest == nil || p.Compare(*oldest) < 0 {
			r = r.With(p, nil)
		}
	}
	return r
}

func (r ReadMarks) same(o ReadMarks) bool {
	return r.UpTo.Compare(o.UpTo) == 0 && slices.Equal(r.Single, o.Single)
}
