package writequeue

import (
	"context"
	"slices"
	"time"
)

// Callers who wait for their batch come back together when it ends, most of them behind the
// first, who would run alone: then batches of one and of many take turns. So a batch
// behind a large one waits a moment for as many.

const (
	// gatherBehind is from how many jobs on a batch is large.
	gatherBehind = 4
	// gatherShare is the part of the time of a batch that the next one waits at most, one in
	// so many, and gatherMost the longest.
	gatherShare = 2
	gatherMost  = 100 * time.Millisecond
)

// gathering is a batch that takes more jobs before it runs.
type gathering struct {
	open bool // guarded by the queue's lock
	want int
	most time.Duration
	full chan struct{} // closed once there are so many
}

// gatheringAt is the batch that gathers at a document, or else a new one.
func (q *Queue[T]) gatheringAt(key string) (b *batch[T], more bool) {
	if l := q.lines[key]; l != nil && l.batch != nil && l.batch.open {
		return l.batch, true
	}
	return &batch[T]{keys: map[string]bool{}, began: time.Now()}, false
}

// entrance is the document at which w may begin at once: one whose batch gathers, if any.
func (q *Queue[T]) entrance(w *waiter[T]) string {
	keys := w.keys()
	at := slices.IndexFunc(keys, func(key string) bool {
		b := q.lines[key].batch
		return b != nil && b.open
	})
	return keys[max(0, at)]
}

// gatherFor decides whether a new batch gathers, and for how many.
func (q *Queue[T]) gatherFor(b *batch[T]) {
	for key := range b.keys {
		if l := q.lines[key]; l.lately > b.want {
			b.want, b.most = l.lately, min(l.pace.took/gatherShare, gatherMost)
		}
	}
	if b.want >= gatherBehind && b.want > len(b.waiters) && !b.waiters[0].job.Alone {
		b.open, b.full = true, make(chan struct{})
	}
}

// enough ends the gathering of a batch that has as many as it waits for.
func (b *batch[T]) enough() {
	if b.open && len(b.waiters) >= b.want {
		b.open = false
		close(b.full)
	}
}

// gather waits for more jobs, if the batch does that, as long as its leader does.
func (q *Queue[T]) gather(leader context.Context, b *batch[T]) {
	if !q.gathers(b) {
		return
	}
	most := time.NewTimer(b.most)
	defer most.Stop()
	select {
	case <-b.full:
	case <-most.C:
	case <-leader.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	b.open, b.began = false, time.Now()
}

func (q *Queue[T]) gathers(b *batch[T]) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return b.open
}

// of counts the jobs of the batch that write a document.
func (b *batch[T]) of(key string) (n int) {
	for _, w := range b.waiters {
		if slices.Contains(w.job.Shared, key) {
			n++
		}
	}
	return n
}
