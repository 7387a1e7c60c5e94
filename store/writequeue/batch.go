package writequeue

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// batch is jobs that run together. Those of one document are in its line's order.
type batch[T any] struct {
	waiters []*waiter[T]
	keys    map[string]bool // true for one that a single job of the batch writes
	began   time.Time
	gathering
}

// begin makes a batch of those who wait for a document, if nobody has it, and of those
// who wait behind them for other documents of the batch. A line that has nobody left is
// deleted.
func (q *Queue[T]) begin(key string) {
	b, more := q.gatheringAt(key)
	for next := []string{key}; len(next) > 0; next = next[1:] {
		l := q.lines[next[0]]
		for l != nil && len(l.waiting) > 0 && q.fits(l.waiting[0], b) {
			w := l.waiting[0]
			next = append(next, q.join(w, b)...)
		}
	}
	if l := q.lines[key]; l != nil && l.batch == nil && len(l.waiting) == 0 {
		delete(q.lines, key)
	}
	switch {
	case more:
		b.enough()
	case len(b.waiters) > 0:
		q.gatherFor(b)
		close(b.waiters[0].leads)
	}
}

// fits reports whether w may join b: it is the next for each of its documents, and these
// are free, or b has them and leaves them to several jobs.
func (q *Queue[T]) fits(w *waiter[T], b *batch[T]) bool {
	if n := len(b.waiters); n > 0 && (n >= q.limits.PerBatch || w.job.Alone || b.waiters[0].job.Alone) {
		return false
	}
	for _, l := range q.linesOf(w) {
		own, has := b.keys[l.key]
		taken := l.batch != nil && !has || own || has && slices.Contains(w.job.Own, l.key)
		if taken || l.waiting[0] != w {
			return false
		}
	}
	return true
}

// join returns the documents that b did not have before.
func (q *Queue[T]) join(w *waiter[T], b *batch[T]) (more []string) {
	for _, l := range q.linesOf(w) {
		if _, has := b.keys[l.key]; !has {
			more = append(more, l.key)
		}
		b.keys[l.key] = slices.Contains(w.job.Own, l.key)
		l.batch = b
		l.begun(w)
	}
	q.waiting--
	w.batch = b
	b.waiters = append(b.waiters, w)
	return more
}

func (b *batch[T]) works() []T {
	out := make([]T, 0, len(b.waiters))
	for _, w := range b.waiters {
		out = append(out, w.work)
	}
	return out
}

// context is that of the one caller, or one that ends when all callers have gone. Call
// leave when the work is done.
func (b *batch[T]) context() (ctx context.Context, leave func()) {
	if len(b.waiters) == 1 {
		return b.waiters[0].ctx, func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.waiters[0].ctx))
	var gone atomic.Int64
	stops := make([]func() bool, 0, len(b.waiters))
	for _, w := range b.waiters {
		stops = append(stops, context.AfterFunc(w.ctx, func() {
			if int(gone.Add(1)) == len(b.waiters) {
				cancel()
			}
		}))
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}
