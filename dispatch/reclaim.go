package dispatch

import (
	"context"
	"log/slog"
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

// Reclaims are the duties of taking back what nobody answers. They follow the feed, so that
// it costs nothing where no workspace has the rule. B:R1
type Reclaims struct {
	clock func() time.Time
	due   *work // workspaces to be looked through

	mu    sync.Mutex
	known []workspace.WorkspaceID
	stale bool // known must be read again
	at    time.Time
}

// NewReclaims makes a duty that stands still.
func NewReclaims(clock func() time.Time) *Reclaims {
	return &Reclaims{clock: clock, due: newWork(), stale: true}
}

// reclaimWorkers is in how many workspaces conversations are taken back at once.
const reclaimWorkers = 4

// Duties are two: which workspaces have the rule, and taking back in them, in several at
// once, so that one in which much is late keeps the others waiting no longer.
func (r *Reclaims) Duties(by Reclaimer, log *slog.Logger) []Duty {
	look := func(ctx context.Context) error {
		all, err := r.workspaces(ctx, by)
		r.due.add(all...)
		return err
	}
	reclaim := func(ctx context.Context) error { return r.reclaim(ctx, by, log) }
	return []Duty{
		{Name: "look where is taken back", Every: ReclaimInterval, Do: look},
		{Name: "take back what nobody answers", Every: ReclaimInterval, Do: reclaim},
	}
}

// reclaim takes back until ctx ends. A failure in one workspace does not stop the others.
func (r *Reclaims) reclaim(ctx context.Context, by Reclaimer, log *slog.Logger) error {
	r.due.run(ctx, reclaimWorkers, func(ws workspace.WorkspaceID) (rest func()) {
		if err := by.Reclaim(ctx, ws); err != nil && ctx.Err() == nil {
			log.Warn("nothing was taken back and will be tried again", slog.String("workspace", string(ws)), slog.Any("error", err))
		}
		return nil
	})
	return nil
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
