package eventlog

import (
	"context"
	"time"
)

// restTime is how long the numberer rests behind each batch: one costs a write, however few
// records are in it. What follows at once is numbered together, and what comes after a pause
// waits for nobody.
const restTime = 10 * time.Millisecond

// rest waits behind a batch, or until ctx ends.
func rest(ctx context.Context) {
	timer := time.NewTimer(restTime)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
