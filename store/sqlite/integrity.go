package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// maxFindings bounds how many things an IntegrityError lists.
const maxFindings = 20

// IntegrityError lists what Integrity found, some twenty things at most.
type IntegrityError struct{ Findings []string }

// Error returns the findings, one a line.
func (e *IntegrityError) Error() string {
	return "sqlite: the data is not whole:\n  " + strings.Join(e.Findings, "\n  ")
}

// Is reports damage.
func (e *IntegrityError) Is(target error) bool { return target == ErrDamaged }

// Integrity reads everything, as it is at one moment, and reports whether the file is
// whole, whether lists find each conversation where it belongs and no other, and whether
// the workload of each member is what the conversations say. progress, if not nil, is
// called with the conversations that were looked at and their number. The error is an
// *IntegrityError when something is not as it should be, and names it. It takes minutes
// for a large file; ctx alone bounds it. Commits go on meanwhile.
func (s *Store) Integrity(ctx context.Context, progress func(done, total int)) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, integrityTime) // view would bound it by less
		defer cancel()
	}
	var found []string
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		if found, err = fileFindings(ctx, s, tx); err != nil || len(found) > 0 {
			return err // the rest would only repeat it
		}
		found, err = s.findings(ctx, tx, progress)
		return err
	})
	switch damaged := s.config.unopened(err); {
	case errors.Is(damaged, ErrDamaged):
		return &IntegrityError{Findings: append(found, s.config.name()+": "+err.Error())}
	case err != nil:
		return fault("check the data", err)
	case len(found) > 0:
		return &IntegrityError{Findings: found}
	}
	return nil
}

// integrityTime is more than any check takes.
const integrityTime = 24 * time.Hour

// fileFindings is what SQLite finds.
func fileFindings(ctx context.Context, s *Store, tx *sql.Tx) ([]string, error) {
	rows, err := tx.QueryContext(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", maxFindings))
	found, err := collect(rows, err, func(r *sql.Rows) (text string, err error) { return text, r.Scan(&text) })
	if err != nil || len(found) == 1 && found[0] == "ok" {
		return nil, err
	}
	for i := range found {
		found[i] = s.config.name() + ": " + found[i]
	}
	return found, nil
}

// name is the file, for messages.
func (c Config) name() string {
	if c.Dir == "" {
		return "memory"
	}
	return filepath.Join(c.Dir, FileName)
}

// findings are those of the store's own rules.
func (s *Store) findings(ctx context.Context, tx *sql.Tx, progress func(done, total int)) ([]string, error) {
	c := checking{s: s, tx: tx, loads: map[string]int{}}
	if err := tx.QueryRow("SELECT COUNT(*) FROM conversations").Scan(&c.total); err != nil {
		return nil, err
	}
	for more := true; more; {
		var err error
		if more, err = c.next(); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(c.done, c.total)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	err := errors.Join(c.compareTotals(), c.compareLoads())
	return c.found, err
}
