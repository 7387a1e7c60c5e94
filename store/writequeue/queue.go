package writequeue

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Limits bounds a Queue. The numbers are at least 1.
type Limits struct {
	// PerDocument is how many jobs wait for one document, PerCaller how many of these
	// one caller has.
	PerDocument, PerCaller int
	// PerBatch is how many jobs run together.
	PerBatch int
	// Wait, unless 0, is how long those who wait for one document may take, as far as is
	// known from the jobs before.
	Wait time.Duration
}

// Job says what a piece of work writes, and for whom.
type Job struct {
	// Own are documents that one job of a batch may write; Shared are those that all
	// jobs of a batch may write one after the other.
	Own, Shared []string
	// Sequence names one of Shared whose jobs run in the order in which they came, whoever
	// the callers are; empty for none.
	Sequence string
	// Caller shares the documents that it waits for fairly with other callers.
	Caller string
	// Alone makes a batch of its own.
	Alone bool
	// Yields makes Do give ErrBusy if another job has or awaits a document of Own.
	Yields bool
	// Placed, unless nil, is called once the job has its place: jobs of the same Sequence
	// that come later run after it.
	Placed func()
}

// Run does the work of one batch, in its order, and returns an error for each. ctx ends
// when all callers of the batch have gone.
type Run[T any] func(ctx context.Context, batch []T) []error

// Queue runs jobs so that no two that are under way write the same document, except in
// one batch. It has no goroutine of its own: the caller of the first job of a batch runs
// it. It is safe for concurrent use.
type Queue[T any] struct {
	run    Run[T]
	limits Limits

	mu    sync.Mutex
	lines map[string]*line[T]
	came  uint64 // jobs so far
	// waiting and refused are what Waiting tells.
	waiting int
	refused uint64
}

// New makes an empty Queue.
func New[T any](limits Limits, run Run[T]) *Queue[T] {
	return &Queue[T]{run: run, limits: limits, lines: map[string]*line[T]{}}
}

// Do runs the job, at once if nobody has its documents, else when its turn comes, and
// returns the error of its work. Errors beside those of Run: *Full at once if too many
// wait, ErrBusy, the one of ctx if it has ended already, and ErrLeft with that of ctx if it
// ends first: the outcome is unknown then if the job was under way, and Run may still
// write to work.
func (q *Queue[T]) Do(ctx context.Context, job Job, work T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(job.Own)+len(job.Shared) == 0 {
		return q.run(ctx, []T{work})[0]
	}
	w, err := q.enter(ctx, job, work)
	if err != nil {
		return err
	}
	if job.Placed != nil {
		job.Placed()
	}
	select {
	case <-w.leads:
		return q.lead(w)
	case <-w.done:
		return w.err
	case <-ctx.Done():
		if q.withdraw(w) {
			return q.lead(w) // others of the batch wait for it
		}
		return fmt.Errorf("%w: %w", ErrLeft, ctx.Err())
	}
}

// enter gives the job its place in the lines of its documents.
func (q *Queue[T]) enter(ctx context.Context, job Job, work T) (*waiter[T], error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if job.Yields && q.busy(job.Own) {
		return nil, ErrBusy
	}
	if err := q.refusal(job); err != nil {
		q.refused++
		return nil, err
	}
	q.came++
	w := &waiter[T]{ctx: ctx, job: job, work: work, came: q.came, leads: make(chan struct{}), done: make(chan struct{})}
	for _, l := range q.linesOf(w) {
		w.ticket = max(w.ticket, l.ticketFor(job.Caller))
		if l.key == job.Sequence {
			w.ticket = max(w.ticket, l.lastTicket())
		}
	}
	for _, l := range q.linesOf(w) {
		l.insert(w)
	}
	q.waiting++
	q.begin(q.entrance(w))
	return w, nil
}

// Waiting is how many jobs wait for documents that others write now, and how many were
// refused so far because too many waited.
func (q *Queue[T]) Waiting() (now int, refused uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiting, q.refused
}

// Len is how many documents are written or waited for.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.lines)
}

func (q *Queue[T]) busy(keys []string) bool {
	for _, key := range keys {
		if q.lines[key] != nil {
			return true
		}
	}
	return false
}

// withdraw takes a waiter out whose caller has gone. It reports whether the waiter leads
// a batch, which it then has to run.
func (q *Queue[T]) withdraw(w *waiter[T]) (leads bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w.batch != nil {
		return w.batch.waiters[0] == w
	}
	q.waiting--
	for _, l := range q.linesOf(w) {
		l.remove(w)
	}
	for _, key := range w.keys() {
		q.begin(key)
	}
	return false
}

// lead runs the batch of w, and begins those that waited for its documents.
func (q *Queue[T]) lead(w *waiter[T]) error {
	b := w.batch
	q.gather(w.ctx, b)
	ctx, leave := b.context()
	defer leave()
	errs := make([]error, len(b.waiters))
	for i := range errs {
		errs[i] = errPanic
	}
	defer func() { q.end(b, errs) }()
	copy(errs, q.run(ctx, b.works()))
	return errs[0]
}

func (q *Queue[T]) end(b *batch[T], errs []error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, w := range b.waiters {
		w.err = errs[i]
		close(w.done)
	}
	for key := range b.keys {
		l := q.lines[key]
		l.batch, l.lately = nil, b.of(key)
		l.pace.learn(time.Since(b.began))
	}
	for key := range b.keys {
		q.begin(key)
	}
}
