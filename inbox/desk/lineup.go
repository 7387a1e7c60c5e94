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

// queueReader reads the due conversations of a queue, a batch at a time.
type queueReader struct {
	store     QueueStore
	ws        workspace.WorkspaceID
	queue     inbox.Queue
	read      []inbox.Conversation // and not taken yet
	after     *inbox.PageCursor
	exhausted bool // have been read
}

// fill reads the next when none is left, some more than n.
func (l *queueReader) fill(ctx context.Context, n int) error {
	if len(l.read) > 0 || l.exhausted {
		return nil
	}
	limit := min(n+drainBatch, maxDrainBatch)
	due, err := l.store.Due(ctx, l.ws, l.queue, l.after, limit)
	if err != nil {
		return err
	}
	l.read, l.exhausted = due, len(due) < limit
	if len(due) > 0 {
		last := due[len(due)-1]
		l.after = &inbox.PageCursor{At: last.WaitingSince, ID: string(last.ID)}
	}
	return nil
}

// next gives the next n, or those that are read.
func (l *queueReader) next(n int) []inbox.Conversation {
	n = min(n, len(l.read))
	taken := l.read[:n]
	l.read = l.read[n:]
	return taken
}

// putBack returns conversations that were taken to their place in the queue.
func (l *queueReader) putBack(some []inbox.Conversation) {
	l.read = append(some, l.read...)
	slices.SortStableFunc(l.read, func(a, b inbox.Conversation) int { return a.WaitingSince.Compare(b.WaitingSince) })
}

func (l *queueReader) done() bool { return l.exhausted && len(l.read) == 0 }
