package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ReclaimInterval is how often is looked for contacts whom nobody answers: rule
// reclaimAfter counts in seconds. B:R1
const ReclaimInterval = time.Second

// reclaimRecheck is how long the list of workspaces that take back may be believed,
// should an event be missed.
const reclaimRecheck = time.Minute

// Reclaimer takes conversations back.
type Reclaimer interface {
	Reclaiming(ctx context.Context) ([]workspace.WorkspaceID, error)
	Reclaim(ctx context.Context, ws workspace.WorkspaceID) error
}

// Reclaims is the duty of taking back what nobody answers. It follows the feed, so that
// it costs nothing where no workspace has the rule. B:R1
type Reclaims struct {
	clock func() time.Time

	mu    sync.Mutex
	known []workspace.WorkspaceID
	stale bool // known must be read again
	at    time.Time
}

// NewReclaims makes a duty that stands still.
func NewReclaims(clock func() time.Time) *Reclaims {
	return &Reclaims{clock: clock, stale: true}
}

// Run looks once through every workspace with the rule. A failure in one does not stop
// the others.
func (r *Reclaims) Run(ctx context.Context, by Reclaimer) error {
	all, err := r.workspaces(ctx, by)
	if err != nil {
		return err
	}
	var failed error
	for _, ws := range all {
		failed = errors.Join(failed, by.Reclaim(ctx, ws))
	}
	return failed
}

// workspaces reads the list when it may have changed. What changes while it is read
// makes it read again.
func (r *Reclaims) workspaces(ctx context.Context, by Reclaimer) ([]workspace.WorkspaceID, error) {
	now := r.clock()
	r.mu.Lock()
	known, fresh := r.known, !r.stale && now.Sub(r.at) < reclaimRecheck
	r.stale = false
	r.mu.Unlock()
	if fresh {
		return known, nil
	}
	found, err := by.Reclaiming(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.stale = true
		return nil, err
	}
	r.known, r.at = found, now
	return found, nil
}

// Apply notices that rules may have changed.
func (r *Reclaims) Apply(e inbox.Event) {
	if e.Type == inbox.DirectoryEvent {
		r.Forget()
	}
}

// Forget lets the list be read anew.
func (r *Reclaims) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stale = true
}

// FeedLost does nothing.
func (r *Reclaims) FeedLost() {}

// FeedBack lets the list be read anew.
func (r *Reclaims) FeedBack() { r.Forget() }
