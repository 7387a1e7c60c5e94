package main

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// ids makes ids that are unique and sort by time. It is safe for concurrent use.
type ids struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
	latest  uint64 // of the present, in ms: it does not go back when the clock does
}

func newIDs() *ids { return &ids{entropy: ulid.Monotonic(rand.Reader, 0)} }

// follow makes the next ids sort behind newest, an id of an earlier run or of
// another server, even if the clock was set back. It ignores anything that is not
// such an id. It returns the time of newest, and zero if that is unknown.
func (i *ids) follow(newest string) time.Time {
	if len(newest) < ulid.EncodedSize {
		return time.Time{}
	}
	before, err := ulid.ParseStrict(newest[:ulid.EncodedSize])
	if err != nil {
		return time.Time{}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.latest = max(i.latest, before.Time()+1)
	return ulid.Time(before.Time())
}

// next makes an id of the present that sorts behind all that it made before. The
// clock is read under the lock: an older millisecond would begin anew at random.
func (i *ids) next() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.latest = max(i.latest, ulid.Now())
	return i.of(i.latest)
}

// at makes an id of another time.
func (i *ids) at(t time.Time) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.of(ulid.Timestamp(t))
}

// of needs the lock.
func (i *ids) of(ms uint64) string { return ulid.MustNew(ms, i.entropy).String() }
