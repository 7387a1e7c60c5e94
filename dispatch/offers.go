package dispatch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// OfferInterval is how often is looked for offers that lapsed: they end within 2 seconds.
// B:T6
const OfferInterval = time.Second

// OfferEnder ends offers.
type OfferEnder interface {
	ExpireOffers(ctx context.Context) error
	CheckOffers(ctx context.Context, ws workspace.WorkspaceID) error
	// Offering lists the workspaces in which an offer may be open.
	Offering(ctx context.Context) ([]workspace.WorkspaceID, error)
}

// Offers is the duty of ending offers. It follows the feed of all servers: rights and
// availability change in the directory, and the targets of a workspace are looked at when
// its directory changed. B:T6
type Offers struct {
	mu      sync.Mutex
	changed map[workspace.WorkspaceID]struct{}
	all     bool // every workspace may have changed
	wake    chan struct{}
}

// NewOffers makes a duty that stands still.
func NewOffers() *Offers {
	return &Offers{changed: map[workspace.WorkspaceID]struct{}{}, all: true, wake: make(chan struct{}, 1)}
}

// Wake begins a run early; see Duty.
func (o *Offers) Wake() <-chan struct{} { return o.wake }

// Run ends what lapsed, then looks at the targets where they may have changed. A failure in
// one workspace does not stop the others; it is looked at again in the next run.
func (o *Offers) Run(ctx context.Context, by OfferEnder) error {
	failed := by.ExpireOffers(ctx)
	some, err := o.workspaces(ctx, by)
	failed = errors.Join(failed, err)
	for _, ws := range some {
		if err := by.CheckOffers(ctx, ws); err != nil {
			failed = errors.Join(failed, err)
			o.note(ws)
		}
	}
	return failed
}

// workspaces takes those that changed since the last run.
func (o *Offers) workspaces(ctx context.Context, by OfferEnder) ([]workspace.WorkspaceID, error) {
	o.mu.Lock()
	some, all := slices.Sorted(maps.Keys(o.changed)), o.all
	clear(o.changed)
	o.all = false
	o.mu.Unlock()
	if !all {
		return some, nil
	}
	found, err := by.Offering(ctx)
	if err != nil {
		o.Forget()
	}
	return found, err
}

func (o *Offers) note(ws workspace.WorkspaceID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.changed[ws] = struct{}{}
}

// Apply notices that a target may have changed, and wakes the duty.
func (o *Offers) Apply(e inbox.Event) {
	if e.Type != inbox.DirectoryEvent {
		return
	}
	o.note(e.Workspace)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Forget has every workspace looked at.
func (o *Offers) Forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = true
}

// FeedLost does nothing.
func (o *Offers) FeedLost() {}

// FeedBack has every workspace looked at.
func (o *Offers) FeedBack() { o.Forget() }
