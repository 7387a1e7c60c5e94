package sqlite

import (
	"database/sql"
	"math"
)

// periods gives the conversations that have one of the words of a walk, in the order of
// the last activity. It reads and sorts those of a period, then of the next two, and so
// on.
type periods struct {
	w           walk
	begun       bool
	first, last int64 // what is left, whatever the direction
	step        int64 // how many are read at once
	sorted      []place
}

// next gives the places of the next conversations, at most n.
func (p *periods) next(n int) ([]place, error) {
	if !p.begun {
		if err := p.begin(); err != nil {
			return nil, err
		}
	}
	for len(p.sorted) < n && p.first <= p.last {
		more, err := p.read()
		if err != nil {
			return nil, err
		}
		p.sorted = append(p.sorted, more...)
	}
	n = min(n, len(p.sorted))
	next := p.sorted[:n]
	p.sorted = p.sorted[n:]
	return next, nil
}

// begin finds the first and the last period of the words within the walk.
func (p *periods) begin() error {
	p.begun, p.step = true, 1
	p.first, p.last = math.MaxInt64, math.MinInt64
	for _, word := range p.w.words {
		var first, last sql.NullInt64
		err := p.w.tx.QueryRow(`SELECT (SELECT min(period) FROM words WHERE workspace = ?1 AND word = ?2),
			(SELECT max(period) FROM words WHERE workspace = ?1 AND word = ?2)`, p.w.workspace, word).Scan(&first, &last)
		if err != nil {
			return err
		}
		if first.Valid {
			p.first, p.last = min(p.first, first.Int64), max(p.last, last.Int64)
		}
	}
	at := p.w.s.config.limits.periodAt
	p.first, p.last = max(p.first, at(p.w.low.at)), min(p.last, at(p.w.high.at))
	return nil
}

// read reads the next periods.
func (p *periods) read() ([]place, error) {
	from, to := p.first, min(p.last, p.first+p.step-1)
	if p.w.desc {
		from, to = max(p.first, p.last-p.step+1), p.last
		p.last = from - 1
	} else {
		p.first = to + 1
	}
	p.step *= 2
	filter := ""
	if p.w.filter.sql != "" {
		filter = " AND " + p.w.filter.sql
	}
	args := append([]any{list(p.w.words), p.w.workspace, from, to}, p.w.filter.args...)
	rows, err := p.w.tx.Query(`SELECT DISTINCT c.activity, c.id, c.n FROM json_each(?) f CROSS JOIN words x
		CROSS JOIN conversations c ON c.n = x.conversation
		WHERE x.workspace = ? AND x.word = f.value AND x.period BETWEEN ? AND ?`+filter, args...)
	within := p.w
	within.few, err = collect(rows, err, scanPlace)
	return within.sorted(), err
}
