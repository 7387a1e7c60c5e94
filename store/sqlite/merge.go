package sqlite

import "database/sql"

// merged is the walks of single facets as one, each conversation once.
type merged struct {
	w       walk
	streams []*stream
	last    place // given last
	begun   bool
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
	m := &merged{w: w}
	from := w.low
	if w.desc {
		from = w.high
	}
	for _, key := range w.keys {
		m.streams = append(m.streams, &stream{key: key, from: from})
	}
	return m
}

// next gives the ids of the next conversations, at most n.
func (m *merged) next(n int) ([]string, error) {
	var ids []string
	for len(ids) < n {
		s, err := m.first(n)
		if err != nil || s == nil {
			return ids, err
		}
		p := s.batch[0]
		s.batch = s.batch[1:]
		if m.begun && p == m.last {
			continue // it has several of the facets
		}
		m.last, m.begun = p, true
		ids = append(ids, p.id)
	}
	return ids, nil
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
	rows, err := m.w.s.query(m.w.tx, entriesQuery(m.w.desc, s.from.including), s.key, m.w.ord, s.from.at, s.from.id, s.size)
	s.batch, err = collect(rows, err, func(r *sql.Rows) (p place, err error) { return p, r.Scan(&p.at, &p.id) })
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

func entriesQuery(desc, including bool) string {
	switch {
	case desc && including:
		return "SELECT at, id FROM entries WHERE facet = ? AND ord = ? AND (at, id) <= (?, ?) ORDER BY at DESC, id DESC LIMIT ?"
	case desc:
		return "SELECT at, id FROM entries WHERE facet = ? AND ord = ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?"
	case including:
		return "SELECT at, id FROM entries WHERE facet = ? AND ord = ? AND (at, id) >= (?, ?) ORDER BY at, id LIMIT ?"
	default:
		return "SELECT at, id FROM entries WHERE facet = ? AND ord = ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?"
	}
}
