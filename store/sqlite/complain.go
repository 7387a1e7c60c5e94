package sqlite

import (
	"slices"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// complainEvery is how often at most the operator is told that the disk refuses work.
const complainEvery = time.Minute

// complain tells the operator of a disk that is full, broken or not writable: clients are
// only told to try again, and nobody else hears of it.
func (s *Store) complain(err error) {
	codes := []int{sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
	if s.config.Dir == "" || !slices.Contains(codes, codeOf(err)) {
		return
	}
	now, last := time.Now().UnixNano(), s.complained.Load()
	if now-last < int64(complainEvery) || !s.complained.CompareAndSwap(last, now) {
		return
	}
	s.config.Log.Error("the data cannot be written; clients are told to try again", "error", s.config.unopened(err))
}
