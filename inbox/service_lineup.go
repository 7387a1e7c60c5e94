package inbox

import (
	"context"
	"slices"
)

// drainBatch is how many conversations more than there are slots are read at
// once, maxDrainBatch how many at most.
const (
	drainBatch    = 10
	maxDrainBatch = 50
)

// lineUp reads the due conversations of a queue, a batch at a time.
type lineUp struct {
	store Queues
	ws    WorkspaceID
	queue Queue
	read  []Conversation // and not taken yet
	after *Position
	all   bool // have been read
}

// fill reads the next when none is left, some more than n.
func (l *lineUp) fill(ctx context.Context, n int) error {
	if len(l.read) > 0 || l.all {
		return nil
	}
	limit := min(n+drainBatch, maxDrainBatch)
	due, err := l.store.Due(ctx, l.ws, l.queue, l.after, limit)
	if err != nil {
		return err
	}
	l.read, l.all = due, len(due) < limit
	if len(due) > 0 {
		last := due[len(due)-1]
		l.after = &Position{At: last.WaitingSince, ID: string(last.ID)}
	}
	return nil
}

// take gives the next n, or those that are read.
func (l *lineUp) take(n int) []Conversation {
	n = min(n, len(l.read))
	taken := l.read[:n]
	l.read = l.read[n:]
	return taken
}

// back returns conversations that were taken to their place in the queue.
func (l *lineUp) back(some []Conversation) {
	l.read = append(some, l.read...)
	slices.SortStableFunc(l.read, func(a, b Conversation) int { return a.WaitingSince.Compare(b.WaitingSince) })
}

func (l *lineUp) end() bool { return l.all && len(l.read) == 0 }
