package sqlite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// WithLowLimits makes a few conversations as many as in a large store.
func (c Config) WithLowLimits() Config {
	c.limits = limits{few: 2, rare: 1, common: 5, estimate: 2, periodBits: 23}
	return c
}

// Prepared returns the statements that the connection which writes has prepared.
func (s *Store) Prepared(ctx context.Context) (texts []string, err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	err = conn.Raw(func(c any) error {
		own, ok := c.(*connection)
		if !ok {
			return fmt.Errorf("the connection is a %T", c)
		}
		texts = slices.Sorted(maps.Keys(own.prepared))
		return nil
	})
	return texts, errors.Join(err, conn.Close())
}

// Plan returns how a statement finds its rows, a step each.
func (s *Store) Plan(ctx context.Context, text string) ([]string, error) {
	rows, err := s.write.QueryContext(ctx, "EXPLAIN QUERY PLAN "+regexp.MustCompile(`\?\d*`).ReplaceAllString(text, "1"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, rows.Err()
}
