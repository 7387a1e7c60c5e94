package writequeue

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrBusy is the answer to a job that yields.
var ErrBusy = errors.New("writequeue: another writer is at the document")

// ErrLeft is the answer to a caller that does not wait for the end of its job.
var ErrLeft = errors.New("writequeue: the job was left to itself")

// errPanic is what others of a batch receive if its work panics.
var errPanic = errors.New("writequeue: the work of the batch was not finished")

// Full is the refusal of a job beyond a bound.
type Full struct {
	// Waiting is how many jobs wait for the document, of all callers.
	Waiting int
	// RetryAfter is how long these take, as far as is known.
	RetryAfter time.Duration
}

func (f *Full) Error() string {
	return fmt.Sprintf("writequeue: %d jobs wait for the same document already", f.Waiting)
}

// refusal is *Full when the job is beyond a bound.
func (q *Queue[T]) refusal(job Job) error {
	for _, keys := range [][]string{job.Own, job.Shared} {
		for _, key := range keys {
			l := q.lines[key]
			if l == nil {
				continue
			}
			if all, own, expected := l.waits(job.Caller, q.limits.PerBatch); q.limits.reached(all, own, expected) {
				return &Full{Waiting: all, RetryAfter: max(time.Second, expected)}
			}
		}
	}
	return nil
}

// reached reports whether no more may wait: so many jobs in all, so many of the caller,
// and so long as all of them take.
func (l Limits) reached(all, own int, expected time.Duration) bool {
	return all >= l.PerDocument || own >= l.PerCaller || l.Wait > 0 && expected > l.Wait
}

// waits counts the waiters, and those of one caller, and says how long all of them and the
// batch that is under way take.
func (l *line[T]) waits(caller string, together int) (all, own int, expected time.Duration) {
	alone := 0
	for _, w := range l.waiting {
		if w.job.Caller == caller {
			own++
		}
		if w.job.Alone || slices.Contains(w.job.Own, l.key) {
			alone++
		}
	}
	all = len(l.waiting)
	batches, each := alone+(all-alone+together-1)/together, l.pace.took
	if l.batch != nil {
		each = max(each, time.Since(l.batch.began)) // it may be slower than those before
		batches++
	}
	return all, own, time.Duration(batches) * each
}

// pace is how long batches took lately.
type pace struct{ took time.Duration }

// smoothing is the part of the newest batch, one in so many.
const smoothing = 8

func (p *pace) learn(took time.Duration) {
	if p.took == 0 {
		p.took = took
	}
	p.took += (took - p.took) / smoothing
}
