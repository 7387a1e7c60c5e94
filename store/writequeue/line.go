package writequeue

import (
	"cmp"
	"context"
	"slices"
)

// waiter is one job.
type waiter[T any] struct {
	ctx    context.Context //nolint:containedctx // of the caller, who waits for as long as the waiter is here
	job    Job
	work   T
	ticket uint64 // the order among callers
	came   uint64 // and within one ticket
	batch  *batch[T]
	leads  chan struct{} // closed when the waiter has to run its batch
	done   chan struct{} // closed when err is there
	err    error
}

// keys are the documents, each once.
func (w *waiter[T]) keys() []string {
	all := slices.Concat(w.job.Own, w.job.Shared)
	slices.Sort(all)
	return slices.Compact(all)
}

// inTurn orders waiters in the same way in each line, so that no two wait for each
// other.
func inTurn[T any](a, b *waiter[T]) int {
	return cmp.Or(cmp.Compare(a.ticket, b.ticket), cmp.Compare(a.came, b.came))
}

// line has those who write one document: a batch that is under way, and waiters in their
// order. It is deleted when it has neither.
type line[T any] struct {
	key     string
	batch   *batch[T]
	waiting []*waiter[T]
	// now is the highest ticket that was begun. A caller's next ticket is one above its
	// last, so that each caller has one turn in a round.
	now  uint64
	last map[string]uint64
	pace pace
	// lately is how many jobs the last batch had for this document.
	lately int
}

func (l *line[T]) ticketFor(caller string) uint64 {
	if last, waits := l.last[caller]; waits && last >= l.now {
		return last + 1
	}
	return l.now
}

func (l *line[T]) lastTicket() uint64 {
	if len(l.waiting) == 0 {
		return 0
	}
	return l.waiting[len(l.waiting)-1].ticket
}

func (l *line[T]) insert(w *waiter[T]) {
	at, _ := slices.BinarySearchFunc(l.waiting, w, inTurn)
	l.waiting = slices.Insert(l.waiting, at, w)
	l.last[w.job.Caller] = max(l.last[w.job.Caller], w.ticket)
}

func (l *line[T]) remove(w *waiter[T]) {
	l.waiting = slices.DeleteFunc(l.waiting, func(other *waiter[T]) bool { return other == w })
}

// begun takes out a waiter whose batch is under way.
func (l *line[T]) begun(w *waiter[T]) {
	l.remove(w)
	l.now = max(l.now, w.ticket)
	for caller, last := range l.last {
		if last < l.now {
			delete(l.last, caller)
		}
	}
}

// linesOf gives the lines of the documents of w, which may be new and empty.
func (q *Queue[T]) linesOf(w *waiter[T]) []*line[T] {
	keys := w.keys()
	out := make([]*line[T], 0, len(keys))
	for _, key := range keys {
		if q.lines[key] == nil {
			q.lines[key] = &line[T]{key: key, last: map[string]uint64{}}
		}
		out = append(out, q.lines[key])
	}
	return out
}
