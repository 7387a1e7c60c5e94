// Package move copies all data from one engine to another: a team that grows moves from
// store/sqlite to store/mongo, or back. Ids, history, settings, the installation's
// secret and the keys of cursors are kept. Positions of the feed are not: a live
// subscription that resumes with one is given a gap, as after a long absence.
package move

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/store/document"
)

// Engine is what both stores can do. The collections are document.Collections.
type Engine interface {
	// Export calls each for every document of a collection. Each keeps nothing of it.
	Export(ctx context.Context, collection string, each func(bson.Raw) error) error
	// Import inserts documents that Export gave.
	Import(ctx context.Context, collection string, docs []bson.Raw) error
	// CountExported counts what Export gives, without documents that expire before a
	// time.
	CountExported(ctx context.Context, collection string, expiring time.Time) (int, error)
}

// Count is how many documents of a collection were moved.
type Count struct {
	Collection string `json:"collection"`
	Documents  int    `json:"documents"`
}

// Errors of Run.
var (
	// ErrNotEmpty is a target that holds data. Nothing was written.
	ErrNotEmpty = errors.New("the target is not empty")
	// ErrChanged is a source that was written to meanwhile.
	ErrChanged = errors.New("the source changed while it was moved")
	// ErrIncomplete is a target that holds another number of documents than the source.
	ErrIncomplete = errors.New("the target does not hold what the source does")
)

const (
	// batch and batchBytes bound what is written at once.
	batch      = 500
	batchBytes = 4 << 20
	// counted leaves out of the comparison what may expire while the move runs.
	counted = 24 * time.Hour
)

// Run copies everything from one engine to another that is empty, and compares the
// counts. progress, if not nil, is called with the documents that are written and how
// many there are. It returns the counts of all collections that have any. A target that
// was begun and not completed has no workspace, so that nobody can use it; it has to be
// removed before another attempt.
func Run(ctx context.Context, from, to Engine, progress func(done, total int)) ([]Count, error) {
	until := time.Now().Add(counted)
	if err := empty(ctx, to); err != nil {
		return nil, err
	}
	before, _, err := count(ctx, from, until)
	if err != nil {
		return nil, err
	}
	_, total, err := count(ctx, from, time.Time{})
	if err != nil {
		return nil, err
	}
	m := mover{from: from, to: to, total: total, progress: progress}
	for _, c := range document.Collections() {
		if err := m.move(ctx, c); err != nil {
			return nil, fmt.Errorf("move %s: %w", c, err)
		}
	}
	after, _, err := count(ctx, from, until)
	if err == nil {
		err = same(before, after, ErrChanged)
	}
	if err != nil {
		return nil, err
	}
	moved, _, err := count(ctx, to, until)
	return moved, errors.Join(err, same(before, moved, ErrIncomplete))
}

func empty(ctx context.Context, to Engine) error {
	found, _, err := count(ctx, to, time.Time{})
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("%w: it has %d documents of %s", ErrNotEmpty, found[0].Documents, found[0].Collection)
	}
	return err
}

func count(ctx context.Context, e Engine, expiring time.Time) (all []Count, total int, err error) {
	for _, c := range document.Collections() {
		n, err := e.CountExported(ctx, c, expiring)
		if err != nil {
			return nil, 0, err
		}
		if total += n; n > 0 {
			all = append(all, Count{c, n})
		}
	}
	return all, total, nil
}

// same gives reason when the counts differ.
func same(want, got []Count, reason error) error {
	has := map[string]int{}
	for _, c := range got {
		has[c.Collection] = c.Documents
	}
	for _, c := range want {
		if has[c.Collection] != c.Documents {
			return fmt.Errorf("%w: %d documents of %s, and %d before", reason, has[c.Collection], c.Collection, c.Documents)
		}
		delete(has, c.Collection)
	}
	for collection, n := range has {
		return fmt.Errorf("%w: %d documents of %s, and none before", reason, n, collection)
	}
	return nil
}

type mover struct {
	from, to    Engine
	done, total int
	progress    func(done, total int)
}

func (m *mover) move(ctx context.Context, collection string) error {
	var docs []bson.Raw
	size := 0
	write := func() error {
		if len(docs) == 0 {
			return nil
		}
		if err := m.to.Import(ctx, collection, docs); err != nil {
			return err
		}
		m.done += len(docs)
		if m.progress != nil {
			m.progress(m.done, m.total)
		}
		docs, size = nil, 0
		return nil
	}
	err := m.from.Export(ctx, collection, func(d bson.Raw) error {
		docs, size = append(docs, append(bson.Raw(nil), d...)), size+len(d)
		if len(docs) < batch && size < batchBytes {
			return nil
		}
		return write()
	})
	if err != nil {
		return err
	}
	return write()
}
