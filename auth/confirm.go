package auth

import (
	"context"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

const (
	// ConfirmGap is the least time between two reads of one workspace's directory
	// that unknown callers cause.
	ConfirmGap = time.Second
	// confirmTime bounds how long such a read may take, waiting included.
	confirmTime = 5 * time.Second
	// confirmWorkspaces bounds for how many workspaces the gap is kept.
	confirmWorkspaces = 1000
)

// Confirmations reads the stored directory for a genuine caller that is not in the
// directory in memory: another server may have added the caller a moment ago.
// Callers that arrive at the same time share one read, which begins after all of
// them arrived, so that its answer is final. It is safe for concurrent use.
type Confirmations struct {
	load func(context.Context, workspace.WorkspaceID) (*workspace.Directory, error)

	mu      sync.Mutex
	waiting map[workspace.WorkspaceID]*confirmation
	rates   *simplelru.LRU[workspace.WorkspaceID, *rate.Limiter]
}

// confirmation is a read that is due; done is closed when it has ended.
type confirmation struct {
	done chan struct{}
	dir  *workspace.Directory
	err  error
}

// NewConfirmations reads with load, which gives the directory as it is stored at
// that moment, and NOT_FOUND for no workspace.
func NewConfirmations(load func(context.Context, workspace.WorkspaceID) (*workspace.Directory, error)) *Confirmations {
	// The only error is of a size that is not positive.
	rates, _ := simplelru.NewLRU[workspace.WorkspaceID, *rate.Limiter](confirmWorkspaces, nil)
	return &Confirmations{load: load, waiting: map[workspace.WorkspaceID]*confirmation{}, rates: rates}
}

// directory is the stored one, read after the call. It has the errors of load,
// and UNAVAILABLE if ctx ends first.
func (c *Confirmations) directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	c.mu.Lock()
	due, first := c.waiting[ws], false
	if due == nil {
		due, first = &confirmation{done: make(chan struct{})}, true
		c.waiting[ws] = due
	}
	limit := c.rateOf(ws)
	c.mu.Unlock()
	if first {
		c.read(ctx, ws, limit, due)
	}
	select {
	case <-due.done:
		return due.dir, due.err
	case <-ctx.Done():
		return nil, notConfirmed()
	}
}

// read does the due read in the goroutine of its first caller, for the others
// also when that one has gone meanwhile.
func (c *Confirmations) read(ctx context.Context, ws workspace.WorkspaceID, limit *rate.Limiter, due *confirmation) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), confirmTime)
	defer cancel()
	defer close(due.done)
	late := limit.Wait(ctx) != nil
	c.mu.Lock()
	delete(c.waiting, ws) // later callers need a later read
	c.mu.Unlock()
	if due.err = notConfirmed(); !late {
		due.dir, due.err = c.load(ctx, ws)
	}
}

// rateOf gives the limit of reads of a workspace. The caller holds mu.
func (c *Confirmations) rateOf(ws workspace.WorkspaceID) *rate.Limiter {
	limit, known := c.rates.Get(ws)
	if !known {
		limit = rate.NewLimiter(rate.Every(ConfirmGap), 1)
		c.rates.Add(ws, limit)
	}
	return limit
}

func notConfirmed() error {
	return &inbox.Error{Code: inbox.Unavailable, Message: "The caller cannot be verified at the moment. Try again in a few seconds."}
}
