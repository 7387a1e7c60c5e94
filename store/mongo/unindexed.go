package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// unindexed says whether all indexes are there. What is committed once is so by unique
// indexes: a repeat with an idempotency key, an external id. A collection that was dropped
// and put back, by an operator or a restore, has none until the database is migrated, and
// writes would create it without. The store learns of that by its feed, which ends when its
// collection is dropped, and looks at the indexes whenever a feed that was lost is opened
// again. While one is missing it commits nothing.
type unindexed struct {
	why atomic.Pointer[SetupError] // nil while all are there
	// lost says that the feed was lost since the indexes were looked at.
	lost atomic.Bool
	// whole is the last time of the cluster at which no index was found missing; nil before.
	whole atomic.Pointer[bson.Timestamp]
}

// dropped is told by a feed that its collection was dropped, and when. A feed that was
// opened in the past tells of what may have been put right since.
func (u *unindexed) dropped(at bson.Timestamp) {
	if whole := u.whole.Load(); whole != nil && !at.IsZero() && !at.After(*whole) {
		return
	}
	u.why.Store(&SetupError{Reason: ErrNotMigrated, Remedy: "A collection was dropped or renamed, and its indexes are not checked yet."})
}

// check looks at the indexes after a loss, and remembers what it finds. A *SetupError with
// ErrNotMigrated when one is missing or differs.
func (u *unindexed) check(ctx context.Context, s *Store) error {
	if u.why.Load() == nil && !u.lost.Load() {
		return nil
	}
	missing, err := s.missingIndexes(ctx)
	if err != nil {
		return err
	}
	if len(missing) == 0 {
		u.why.Store(nil)
		u.lost.Store(false)
		return nil
	}
	found := notMigrated(missing)
	u.why.Store(found)
	return found
}

var errUnindexed = errors.New("store: nothing is committed without the indexes")

// refusal is the answer to a commit; nil while all indexes are there.
func (u *unindexed) refusal() error {
	if why := u.why.Load(); why != nil {
		return newUnavailable(errors.Join(errUnindexed, why))
	}
	return nil
}

// Writable returns the *SetupError for which the store commits nothing now, or nil.
func (s *Store) Writable() error {
	if why := s.unindexed.why.Load(); why != nil {
		return why
	}
	return nil
}

// notMigrated is the refusal of a database in which indexes are missing.
func notMigrated(missing []string) *SetupError {
	return &SetupError{Reason: ErrNotMigrated, Remedy: fmt.Sprintf("Missing or different: %s. "+
		"Run \"switchboard migrate\" with this connection string, which may take minutes and can run beside servers. "+
		"A server that runs goes on by itself then; start one again that refused to start.", strings.Join(missing, ", "))}
}
