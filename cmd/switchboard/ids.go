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
