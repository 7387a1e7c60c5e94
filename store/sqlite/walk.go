package sqlite

import (
	"cmp"
	"database/sql"
	"math"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// place is where a conversation stands in an order.
type place struct {
	at int64 // the sort key in milliseconds
	id string
	n  int64 // its number, which orders nothing
}

func (p place) compare(o place) int { return cmp.Or(cmp.Compare(p.at, o.at), cmp.Compare(p.id, o.id)) }

func placeOf(c inbox.PageCursor) place { return place{at: c.At.UnixMilli(), id: c.ID} }

// bound is an end of a walk. The place itself is out of it, unless including is set.
type bound struct {
	place
	including bool
}

// walk reads the conversations of some facets in an order, as many as are asked for, or
// those of a few places that are known.
type walk struct {
	s         *Store
	tx        *sql.Tx
	workspace string
	keys      []int64 // of the facets
	ord       int
	desc      bool
	// few are the places of all conversations of the walk, in no order, if isFew.
	few   []place
	isFew bool
	// filter is a condition on the row c of each conversation. It leaves out none that
	// hold, and many that do not, before they are read.
	filter clause
	// words, if any, are those one of which each conversation has: the walk goes from
	// period to period of their conversations instead of along the facets.
	words []string
	// low and high bound the walk, whatever its direction.
	low, high bound
	holds     func(row) bool
}

// walkable makes a walk of the conversations that have one of the facets and one of
// the statuses.
func (s *Store) walkable(tx *sql.Tx, ws workspace.WorkspaceID, o access.Order, facets []document.Facet, statuses []inbox.Status) walk {
	w := walk{s: s, tx: tx, workspace: string(ws), ord: orderOf(o.Field), desc: o.Desc, low: bound{place: place{at: math.MinInt64}}, high: bound{place: place{at: math.MaxInt64}}}
	for _, f := range facets {
		for _, status := range statuses {
			w.keys = append(w.keys, facetKey(ws, f, status))
		}
	}
	return w
}

// above and below narrow the walk.
func (w walk) above(p place, including bool) walk {
	if c := p.compare(w.low.place); c > 0 || c == 0 && !including {
		w.low = bound{p, including}
	}
	return w
}

func (w walk) below(p place, including bool) walk {
	if c := p.compare(w.high.place); c < 0 || c == 0 && !including {
		w.high = bound{p, including}
	}
	return w
}

// before narrows the walk to what comes before p in its direction, and after to what
// comes behind it.
func (w walk) before(p place, including bool) walk {
	if w.desc {
		return w.above(p, including)
	}
	return w.below(p, including)
}

func (w walk) after(p place, including bool) walk {
	if w.desc {
		return w.below(p, including)
	}
	return w.above(p, including)
}

// back is the walk in the other direction.
func (w walk) back() walk {
	w.desc = !w.desc
	return w
}

// maxChunk is how many conversations are read at once.
const maxChunk = 512

// places are those of the walk, in its direction.
func (w walk) places() interface{ next(n int) ([]place, error) } {
	if len(w.words) > 0 {
		return &periods{w: w}
	}
	return merge(w)
}

// take reads the first conversations that hold: at most limit. It reads more of them
// at once the longer it looks.
func (w walk) take(limit int) ([]row, error) {
	var out []row
	places := w.places()
	for chunk := min(max(limit, 1), maxChunk); len(out) < limit; chunk = min(2*chunk, maxChunk) {
		next, err := places.next(chunk)
		if err != nil || len(next) == 0 {
			return out, err
		}
		found, err := w.ordered(next)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if len(out) < limit && w.holds(r) {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// ordered reads conversations in the order of their places.
func (w walk) ordered(places []place) ([]row, error) {
	numbers := numbersOf(places)
	at := make(map[int64]int, len(numbers))
	for i, n := range numbers {
		at[n] = i
	}
	found, err := readRows(w.tx, "WHERE c.n IN (SELECT value FROM json_each(?))", list(numbers))
	slices.SortFunc(found, func(a, b row) int { return cmp.Compare(at[a.n], at[b.n]) })
	return found, err
}

func numbersOf(places []place) []int64 {
	out := make([]int64, len(places))
	for i, p := range places {
		out[i] = p.n
	}
	return out
}
