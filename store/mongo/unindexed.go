package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// What is committed once is so by unique indexes: a repeat with an idempotency key, an
// external id. A collection that was dropped and put back, by an operator or a restore,
// has none until the database is migrated, and writes would create it without. The store
// learns of that by its feed, which ends when its collection is dropped, and looks at the
// indexes whenever the feed is opened. While one is missing it commits nothing.

// errDropped is why a store commits nothing before it has looked.
var errDropped = &SetupError{Reason: ErrNotMigrated, Remedy: "Collections were dropped or renamed, and their indexes are not checked yet."}

// Writable returns the *SetupError for which the store commits nothing now, or nil.
func (s *Store) Writable() error {
	if missing := s.unindexed.Load(); missing != nil {
		return missing
	}
	return nil
}

// dropped is told by a feed that its collection is gone.
func (s *Store) dropped() { s.unindexed.Store(errDropped) }

// checkIndexes looks whether all indexes are there, and remembers it for Writable.
func (s *Store) checkIndexes(ctx context.Context) error {
	missing, err := s.missingIndexes(ctx)
	if err != nil {
		return err
	}
	if len(missing) == 0 {
		s.unindexed.Store(nil)
		return nil
	}
	found := notMigrated(missing)
	s.unindexed.Store(found)
	return found
}

// notMigrated is the refusal of a database in which indexes are missing.
func notMigrated(missing []string) *SetupError {
	return &SetupError{Reason: ErrNotMigrated, Remedy: fmt.Sprintf("Missing or different: %s. Run \"switchboard migrate\" with this connection string, "+
		"which may take minutes and can run beside servers. A server that runs goes on by itself then; start one that refused to start again.", strings.Join(missing, ", "))}
}

// unwritable is the answer to a commit that the store does not make.
func (s *Store) unwritable() error {
	if missing := s.Writable(); missing != nil {
		return newUnavailable(errors.Join(errUnwritable, missing))
	}
	return nil
}

var errUnwritable = errors.New("store: nothing is committed without the indexes")
