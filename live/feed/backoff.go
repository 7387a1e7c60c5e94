package feed

import (
	"context"
	"math/rand/v2"
	"time"
)

// The bounds of the pause between two tries to open the feed.
const (
	minPause = 50 * time.Millisecond
	maxPause = 2 * time.Second
)

// backoff is the pause between tries: drawn at random up to a ceiling that
// doubles with each, so that servers that lost one database do not come back
// in step.
type backoff struct {
	doublings int
}

func (b *backoff) reset() { b.doublings = 0 }

// wait returns after the pause, or when ctx ends.
func (b *backoff) wait(ctx context.Context) {
	timer := time.NewTimer(b.next())
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (b *backoff) next() time.Duration {
	ceiling := 2 * minPause << b.doublings
	if ceiling >= maxPause {
		ceiling = maxPause
	} else {
		b.doublings++
	}
	return minPause + rand.N(ceiling-minPause+1)
}
