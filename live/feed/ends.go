package feed

import (
	"context"
	"sync/atomic"
	"time"
)

// EndRechecks asks for rechecks when a credential ends, which no event says. It keeps the
// next end alone: whoever looks at the rights then reports the end after it. It is safe
// for concurrent use.
type EndRechecks struct {
	rechecks *Rechecks
	// next is the earliest end to come in nanoseconds since 1970; 0 for none.
	next   atomic.Int64
	sooner chan struct{}
}

// NewEndRechecks makes one that stands still: Run it.
func NewEndRechecks(rechecks *Rechecks) *EndRechecks {
	return &EndRechecks{rechecks: rechecks, sooner: make(chan struct{}, 1)}
}

// EndsAt reports a moment at which somebody's credential will end. It never waits.
func (e *EndRechecks) EndsAt(at time.Time) {
	end := at.UnixNano()
	for {
		next := e.next.Load()
		if next != 0 && next <= end {
			return
		}
		if !e.next.CompareAndSwap(next, end) {
			continue
		}
		select {
		case e.sooner <- struct{}{}:
		default:
		}
		return
	}
}

// Run asks until ctx ends. It costs nothing while no credential has an end.
func (e *EndRechecks) Run(ctx context.Context) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	<-wait.C
	for {
		select {
		case <-e.sooner:
		case <-wait.C:
			e.next.Store(0) // those who look report the next one
			e.rechecks.Ask()
			continue
		case <-ctx.Done():
			return
		}
		if next := e.next.Load(); next != 0 {
			wait.Reset(max(endPause, time.Until(time.Unix(0, next))))
		}
	}
}

// endPause is the least time between two rounds, whatever the clocks say.
const endPause = 50 * time.Millisecond
