package admission

import (
	"slices"
	"time"
)

// door is a document that somebody works on.
type door struct {
	atWork, waiting int
	// turns are the callers who wait, in the order of their turns; callers has the
	// waiters of each, in the order in which they came.
	turns   []string
	callers map[string][]*waiter

	// last is when somebody left, and pace how far apart such moments are lately, while
	// others wait.
	last time.Time
	pace time.Duration
}

// waiter is one who wants to work.
type waiter struct {
	caller   string
	admitted chan struct{}
}

func newDoor() *door { return &door{callers: map[string][]*waiter{}} }

// full is nil if one more of the caller may wait.
func (d *door) full(caller string, l Limits) *Full {
	expected := time.Duration(d.waiting) * d.pace
	if d.waiting < l.Waiting && len(d.callers[caller]) < l.PerCaller && (l.Wait == 0 || expected <= l.Wait) {
		return nil
	}
	return &Full{Waiting: d.waiting, RetryAfter: max(time.Second, expected)}
}

func (d *door) wait(caller string) *waiter {
	w := &waiter{caller: caller, admitted: make(chan struct{})}
	if len(d.callers[caller]) == 0 {
		d.turns = append(d.turns, caller)
	}
	d.callers[caller] = append(d.callers[caller], w)
	d.waiting++
	return w
}

// next is the first waiter of the caller whose turn it is; nil if nobody waits.
func (d *door) next() *waiter {
	if len(d.turns) == 0 {
		return nil
	}
	caller := d.turns[0]
	d.turns = d.turns[1:]
	w := d.callers[caller][0]
	d.take(w)
	if len(d.callers[caller]) > 0 {
		d.turns = append(d.turns, caller)
	}
	return w
}

// remove reports whether w still waited.
func (d *door) remove(w *waiter) bool {
	if !slices.Contains(d.callers[w.caller], w) {
		return false
	}
	d.take(w)
	if len(d.callers[w.caller]) == 0 {
		d.turns = slices.DeleteFunc(d.turns, func(caller string) bool { return caller == w.caller })
	}
	return true
}

func (d *door) take(w *waiter) {
	rest := slices.DeleteFunc(d.callers[w.caller], func(other *waiter) bool { return other == w })
	if d.callers[w.caller] = rest; len(rest) == 0 {
		delete(d.callers, w.caller)
	}
	d.waiting--
}

// smoothing is the part of the newest interval, one in so many.
const smoothing = 16

func (d *door) learn(now time.Time) {
	if between := now.Sub(d.last); d.waiting > 0 && !d.last.IsZero() {
		d.pace += (between - d.pace) / smoothing
	}
	d.last = now
}
