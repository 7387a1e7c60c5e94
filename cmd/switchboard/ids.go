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
}

func newIDs() *ids { return &ids{entropy: ulid.Monotonic(rand.Reader, 0)} }

// next makes an id of the present.
func (i *ids) next() string { return i.at(time.Now()) }

// at makes an id of another time.
func (i *ids) at(t time.Time) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return ulid.MustNew(ulid.Timestamp(t), i.entropy).String()
}
