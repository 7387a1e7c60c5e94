package desk

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// drainBatch is how many conversations more than there are slots are read at
// once, maxDrainBatch how many at most.
const (
	drainBatch    = 10
	maxDrainBatch = 50
)

// lineUp reads the due conversations of a queue, a batch at a time.
type lineUp struct {
	store QueueStore
	ws    workspace.WorkspaceID
	queue inbox.Queue
	read  []inbox.Conversation // and not taken yet
	after *inbox.Position
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
		l.after = &inbox.Position{At: last.WaitingSince, ID: string(last.ID)}
	}
	return nil
}

// take gives the next n, or those that are read.
func (l *lineUp) take(n int) []inbox.Conversation {
	n = min(n, len(l.read))
	taken := l.read[:n]
	l.read = l.read[n:]
	return taken
}

// back returns conversations that were taken to their place in the queue.
func (l *lineUp) back(some []inbox.Conversation) {
	l.read = append(some, l.read...)
	slices.SortStableFunc(l.read, func(a, b inbox.Conversation) int { return a.WaitingSince.Compare(b.WaitingSince) })
}

func (l *lineUp) end() bool { return l.all && len(l.read) == 0 }
