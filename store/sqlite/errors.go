package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"switchboard/store"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// primaryCode masks the extension of a result code.
const primaryCode = 0xff

// codeOf is the primary result code of SQLite; 0 when err is none of its errors.
func codeOf(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & primaryCode
}

// isDuplicate reports a row that a unique index refuses.
func isDuplicate(err error) bool { return codeOf(err) == sqlite3.SQLITE_CONSTRAINT }

// passes reports whether err goes away by itself, or with the disk that an operator
// mends: too busy, out of time, closed, full, not writable.
func passes(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, errClosed) ||
		slices.Contains([]int{
			sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT,
		}, codeOf(err))
}

var errClosed = errors.New("the store was closed")

// fault wraps an error once and names the operation that failed. Faults that pass
// become UNAVAILABLE; errors with a code stay as they are.
func fault(doing string, err error) error {
	switch {
	case store.IsKnown(err):
		return err
	case passes(err):
		return store.Unavailable("The data cannot be read or written right now. Try again in a moment; that is safe with the same idempotency key.",
			fmt.Errorf("sqlite: %s: %w", doing, err))
	case slices.Contains([]int{sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}, codeOf(err)):
		return fmt.Errorf("sqlite: %s: %w; stop the server, and run switchboard check: %w", doing, ErrDamaged, err)
	default:
		return fmt.Errorf("sqlite: %s: %w", doing, err)
	}
}
