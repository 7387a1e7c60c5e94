package webhook

import (
	"container/heap"
	"time"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
)

// task is a delivery that is not settled.
type task struct {
	webhooks.Delivery
	// record is what was read of the log; nil when it has to be read again.
	record *eventlog.Record
	probe  bool
}

func (t *task) untried() bool { return len(t.Attempts) == 0 }

// lanes keeps the order of what waits: of each lane only the first is due.
type lanes struct {
	waiting map[string][]*task // behind the first of each lane, which is due or on its way
	due     dueHeap
	// fresh counts those that are due and were never tried: while there are enough of them,
	// no more has to be read.
	fresh int
}

func newLanes() *lanes { return &lanes{waiting: map[string][]*task{}} }

// add puts a delivery at the end of its lane.
func (l *lanes) add(t *task) {
	queue, busy := l.waiting[t.Lane]
	if busy {
		l.waiting[t.Lane] = append(queue, t)
		return
	}
	l.waiting[t.Lane] = nil
	l.push(t)
}

func (l *lanes) push(t *task) {
	heap.Push(&l.due, t)
	if t.untried() {
		l.fresh++
	}
}

// next is the delivery that is due first; nil when none waits.
func (l *lanes) next() *task {
	if len(l.due) == 0 {
		return nil
	}
	return l.due[0]
}

// take removes the delivery that is due first, which is on its way then.
func (l *lanes) take() *task {
	t, _ := heap.Pop(&l.due).(*task)
	if t.untried() {
		l.fresh--
	}
	return t
}

// again puts back one that was on its way.
func (l *lanes) again(t *task) { l.push(t) }

// settled lets the next of the lane be due.
func (l *lanes) settled(t *task) {
	queue := l.waiting[t.Lane]
	if len(queue) == 0 {
		delete(l.waiting, t.Lane)
		return
	}
	l.waiting[t.Lane] = queue[1:]
	l.push(queue[0])
}

// dueHeap has what is due first at the front: what was never tried, then by time.
type dueHeap []*task

func (h dueHeap) Len() int { return len(h) }

func (h dueHeap) Less(i, j int) bool {
	if !h[i].NextAt.Equal(h[j].NextAt) {
		return h[i].NextAt.Before(h[j].NextAt)
	}
	return h[i].Sequence < h[j].Sequence
}

func (h dueHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
}

// Push appends a task.
func (h *dueHeap) Push(x any) {
	if t, ok := x.(*task); ok {
		*h = append(*h, t)
	}
}

// Pop removes the last task.
func (h *dueHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	*h = old[:len(old)-1]
	return t
}

// pause is how long until at; 0 when it is past.
func pause(at, now time.Time) time.Duration { return max(0, at.Sub(now)) }
