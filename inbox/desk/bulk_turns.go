package desk

import (
	"context"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// bulkCalls is how many calls with many conversations a workspace runs at once on a
// server, and bulkWaiting how many wait behind them.
const (
	bulkCalls   = 2
	bulkWaiting = 8
)

// bulkTurns lets few such calls of a workspace run, in the order in which they came, so
// that they starve neither the dispatch of its queues nor other callers. Its zero value is
// ready.
type bulkTurns struct {
	mu    sync.Mutex
	calls map[workspace.WorkspaceID]*bulkCallers
}

// bulkCallers are the calls of one workspace. The entry is deleted when there are none.
type bulkCallers struct {
	running chan struct{}
	all     int
}

// enter waits until the call may run, which has to leave then. UNAVAILABLE at once if too
// many wait, and once ctx ends.
func (b *bulkTurns) enter(ctx context.Context, ws workspace.WorkspaceID) (leave func(), err error) {
	callers := b.join(ws)
	if callers == nil {
		return nil, bulksWait()
	}
	select {
	case callers.running <- struct{}{}:
		return func() {
			<-callers.running
			b.part(ws, callers)
		}, nil
	case <-ctx.Done():
		b.part(ws, callers)
		return nil, bulksWait()
	}
}

func bulksWait() *inbox.Error {
	return &inbox.Error{
		Code: inbox.Unavailable, RetryAfter: 5 * time.Second,
		Message: "Others of this workspace act on many conversations just now, and nothing was begun. " +
			"Try again after that time with the same key.",
	}
}

// join is nil if too many are there.
func (b *bulkTurns) join(ws workspace.WorkspaceID) *bulkCallers {
	b.mu.Lock()
	defer b.mu.Unlock()
	callers := b.calls[ws]
	if callers == nil {
		callers = &bulkCallers{running: make(chan struct{}, bulkCalls)}
		if b.calls == nil {
			b.calls = map[workspace.WorkspaceID]*bulkCallers{}
		}
		b.calls[ws] = callers
	}
	if callers.all >= bulkCalls+bulkWaiting {
		return nil
	}
	callers.all++
	return callers
}

func (b *bulkTurns) part(ws workspace.WorkspaceID, callers *bulkCallers) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if callers.all--; callers.all == 0 {
		delete(b.calls, ws)
	}
}
