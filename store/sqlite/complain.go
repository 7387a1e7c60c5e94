package sqlite

import (
	"slices"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// complainEvery is how often at most the operator is told that the disk refuses work.
const complainEvery = time.Minute

// complaints tells the operator of a disk that is full, broken or not writable: clients
// are only told to try again, and nobody else hears of it.
type complaints struct {
	last atomic.Int64 // in nanoseconds
}

func (p *complaints) tell(c Config, err error) {
	codes := []int{sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
	if c.Dir == "" || !slices.Contains(codes, codeOf(err)) {
		return
	}
	now, last := time.Now().UnixNano(), p.last.Load()
	if now-last < int64(complainEvery) || !p.last.CompareAndSwap(last, now) {
		return
	}
	c.Log.Error("the data cannot be written; clients are told to try again", "error", c.unopened(err))
}
