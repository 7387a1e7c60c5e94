package inbox

import "slices"

// ReadMarks say what a member has read: everything up to a place, and some
// notifications behind it one by one.
type ReadMarks struct {
	Workspace WorkspaceID
	Member    MemberID
	// UpTo is the newest of those that were read together with all before them;
	// zero for none.
	UpTo Position
	// Single are at most MaxSingleMarks, oldest first.
	Single []Position
	// Rev grows by one with every change.
	Rev int
}

// MaxSingleMarks bounds what is remembered one by one. Past it the oldest go
// into UpTo, and count as read what lies before them.
const MaxSingleMarks = 200

// Read reports whether n was read.
func (r ReadMarks) Read(n Notification) bool {
	at := n.position()
	return r.covers(at) || slices.Contains(r.Single, at)
}

func (r ReadMarks) covers(p Position) bool { return p.Compare(r.UpTo) <= 0 }

// With are the marks after more was read: single ones, and everything up to a
// place unless that is zero.
func (r ReadMarks) With(upTo Position, single []Position) ReadMarks {
	out := r
	if upTo.Compare(r.UpTo) > 0 {
		out.UpTo = upTo
	}
	out.Single = slices.Concat(r.Single, single)
	slices.SortFunc(out.Single, Position.Compare)
	out.Single = slices.Compact(out.Single)
	if over := len(out.Single) - MaxSingleMarks; over > 0 && !out.covers(out.Single[over-1]) {
		out.UpTo = out.Single[over-1]
	}
	out.Single = slices.DeleteFunc(out.Single, out.covers)
	if len(out.Single) == 0 {
		out.Single = nil // as it is read back
	}
	return out
}

func (r ReadMarks) same(o ReadMarks) bool {
	return r.UpTo.Compare(o.UpTo) == 0 && slices.Equal(r.Single, o.Single)
}

func (n Notification) position() Position { return Position{At: n.At, ID: string(n.ID)} }
