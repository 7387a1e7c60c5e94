package sqlite

import (
	"database/sql"
	"slices"
)

// merged is the walks of single facets as one, each conversation once.
type merged struct {
	w       walk
	streams []*stream
	last    place // given last
	begun   bool
	text    map[bool]string // how a batch is read, with the place where it begins or without
}

// stream is the walk of one facet.
type stream struct {
	key   int64
	from  bound // where the next batch begins
	batch []place
	size  int // of the next batch
	over  bool
}

const maxBatch = 256

func merge(w walk) *merged {
	m := &merged{w: w, text: map[bool]string{true: entriesQuery(w.desc, true, w.filter), false: entriesQuery(w.desc, false, w.filter)}}
	if w.isFew {
		m.streams = []*stream{{batch: w.sorted(), over: true}}
		return m
	}
	from := w.low
	if w.desc {
		from = w.high
	}
	for _, key := range w.keys {
		m.streams = append(m.streams, &stream{key: key, from: from})
	}
	return m
}

// sorted returns the few places within the walk, in its direction.
func (w walk) sorted() []place {
	places := slices.DeleteFunc(slices.Clone(w.few), func(p place) bool { return w.passed(p) || w.back().passed(p) })
	slices.SortFunc(places, func(a, b place) int {
		if w.desc {
			a, b = b, a
		}
		return a.compare(b)
	})
	return places
}

// next gives the places of the next conversations, at most n.
func (m *merged) next(n int) ([]place, error) {
	var next []place
	for len(next) < n {
		s, err := m.first(n)
		if err != nil || s == nil {
			return next, err
		}
		p := s.batch[0]
		s.batch = s.batch[1:]
		if m.begun && p == m.last {
			continue // it has several of the facets
		}
		m.last, m.begun = p, true
		next = append(next, p)
	}
	return next, nil
}

// first returns the stream whose next place comes first; nil when all are over.
func (m *merged) first(n int) (*stream, error) {
	var first *stream
	for _, s := range m.streams {
		if len(s.batch) == 0 && !s.over {
			if err := m.fill(s, n); err != nil {
				return nil, err
			}
		}
		if len(s.batch) == 0 {
			continue
		}
		if first == nil || (s.batch[0].compare(first.batch[0]) < 0) != m.w.desc {
			first = s
		}
	}
	return first, nil
}

// fill reads the next batch of s. The first is a part of the n that are wanted, and
// each that follows is longer.
func (m *merged) fill(s *stream, n int) error {
	s.size = min(maxBatch, max(2*s.size, 8, n/len(m.streams)+1))
	args := append([]any{s.key, m.w.ord, s.from.at, s.from.id, m.end()}, m.w.filter.args...)
	rows, err := m.w.tx.Query(m.text[s.from.including], append(args, s.size)...)
	s.batch, err = collect(rows, err, scanPlace)
	if err != nil {
		return err
	}
	s.over = len(s.batch) < s.size
	if len(s.batch) > 0 {
		s.from = bound{place: s.batch[len(s.batch)-1]}
	}
	for i, p := range s.batch {
		if m.w.passed(p) {
			s.batch, s.over = s.batch[:i], true
			break
		}
	}
	return nil
}

// passed reports whether p is past the end of the walk.
func (w walk) passed(p place) bool {
	if w.desc {
		c := p.compare(w.low.place)
		return c < 0 || c == 0 && !w.low.including
	}
	c := p.compare(w.high.place)
	return c > 0 || c == 0 && !w.high.including
}

// end is the sort key at the end of the walk.
func (m *merged) end() int64 {
	if m.w.desc {
		return m.w.low.at
	}
	return m.w.high.at
}

func scanPlace(r *sql.Rows) (p place, err error) { return p, r.Scan(&p.at, &p.id, &p.n) }

// entriesQuery reads a batch of a facet. It takes a facet, an order, the place where it
// begins, the sort key where it ends, the arguments of the filter, and a limit.
func entriesQuery(desc, including bool, filter clause) string {
	beyond, until, direction := " > ", "<=", ""
	if desc {
		beyond, until, direction = " < ", ">=", " DESC"
	}
	if including {
		beyond = beyond[:2] + "= "
	}
	also := ""
	if filter.sql != "" {
		also = " AND EXISTS (SELECT 1 FROM conversations c WHERE c.n = e.n AND " + filter.sql + ")"
	}
	return "SELECT at, id, n FROM entries e WHERE facet = ? AND ord = ? AND (at, id)" + beyond + "(?, ?) AND at " + until + " ?" + also +
		" ORDER BY at" + direction + ", id" + direction + " LIMIT ?"
}
