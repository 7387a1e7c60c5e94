package marks

import (
	"time"

	"switchboard/inbox/attention"
)

// maxRemoved is how many removals wait to be told. More end on other servers with their
// time.
const maxRemoved = 10_000

// news is what other servers do not know yet.
type news struct {
	// own are the marks that were said here, with what others were told of each.
	own map[attention.Key]told
	// removed are marks that others hold and that were ended here.
	removed map[attention.Key]struct{}
}

// told is what other servers hold of a mark: zero for nothing.
type told struct {
	kind  attention.Kind
	note  bool
	until time.Time
}

func newNews() news {
	return news{own: map[attention.Key]told{}, removed: map[attention.Key]struct{}{}}
}

// set notes that a mark was said here, and reports whether there is something to tell now.
func (n *news) set(m attention.Mark, now time.Time) bool {
	before := n.own[m.Key]
	n.own[m.Key] = before
	delete(n.removed, m.Key)
	return before.urgent(m) || !before.due(m.Kind).After(now)
}

// remove notes that a mark was ended here, and reports whether others hold it.
func (n *news) remove(k attention.Key) bool {
	before, own := n.own[k]
	delete(n.own, k)
	if own && before.until.IsZero() || len(n.removed) >= maxRemoved {
		return false
	}
	n.removed[k] = struct{}{}
	return true
}

// forget drops what is known of a mark that ended everywhere, or that another server
// was said.
func (n *news) forget(k attention.Key) {
	delete(n.own, k)
	delete(n.removed, k)
}

// urgent reports whether others hold nothing of a mark, or something else.
func (t told) urgent(m attention.Mark) bool {
	return t.until.IsZero() || t.kind != m.Kind || t.note != m.Note
}

// due is when others have to be told again of a mark that was said again since.
func (t told) due(k attention.Kind) time.Time { return t.until.Add(-k.Lasts() / 4) }
