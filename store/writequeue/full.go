package writequeue

import (
	"errors"
	"fmt"
	"time"
)

// ErrBusy is the answer to a job that yields.
var ErrBusy = errors.New("writequeue: another writer is at the document")

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
			if l := q.lines[key]; l != nil && q.limits.reached(l.waits(job.Caller)) {
				return &Full{Waiting: len(l.waiting), RetryAfter: max(time.Second, l.pace.of(len(l.waiting)))}
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

// waits counts the waiters, and those of one caller.
func (l *line[T]) waits(caller string) (all, own int, expected time.Duration) {
	for _, w := range l.waiting {
		if w.job.Caller == caller {
			own++
		}
	}
	return len(l.waiting), own, l.pace.of(len(l.waiting))
}

// pace is how long one job took lately, if it had company as lately.
type pace struct{ each time.Duration }

// smoothing is the part of the newest batch, one in so many.
const smoothing = 8

func (p *pace) learn(took time.Duration, jobs int) {
	each := took / time.Duration(jobs)
	if p.each == 0 {
		p.each = each
	}
	p.each += (each - p.each) / smoothing
}

func (p *pace) of(jobs int) time.Duration { return time.Duration(jobs) * p.each }
