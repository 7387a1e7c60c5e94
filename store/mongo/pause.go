package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	minPause = time.Millisecond
	// maxPause bounds the pauses after faults, longestPause those for another transaction.
	maxPause     = 50 * time.Millisecond
	longestPause = time.Second
	// smoothing is the part of the newest transaction in the average, one in so many.
	smoothing = 8
)

// hold is how long transactions took lately, which is for how long one that was met goes
// on at most. The zero value knows nothing yet.
type hold struct{ average atomic.Int64 }

// learn counts a transaction that was committed. One that is lost to another that learns
// at the same time does not matter.
func (h *hold) learn(took time.Duration) {
	average := h.average.Load()
	if average == 0 {
		average = int64(took)
	}
	h.average.Store(average + (int64(took)-average)/smoothing)
}

// most is the longest pause before the next attempt: that of growing after a fault, and
// when the transaction met another, as long as that one takes, longer if it happens again.
func (h *hold) most(attempt int, err error) time.Duration {
	expected := time.Duration(h.average.Load())
	if expected == 0 || !errors.Is(err, errAgain) && !hasCode(err, codeWriteConflict) {
		return growing(attempt)
	}
	return min(max(expected, minPause)<<min(attempt/4, 2), longestPause)
}

func (h *hold) pause(ctx context.Context, attempt int, err error) error {
	return pause(ctx, h.most(attempt, err))
}

// growing doubles with each attempt.
func growing(attempt int) time.Duration { return min(minPause<<min(attempt, 10), maxPause) }

// pause waits up to most, at random, so that two that met do not meet again.
func pause(ctx context.Context, most time.Duration) error {
	timer := time.NewTimer(rand.N(most) + minPause/2)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
