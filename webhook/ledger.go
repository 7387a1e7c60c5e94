package webhook

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"switchboard/inbox/webhooks"
)

// ledger writes down how far one endpoint has got. The lines of an endpoint share it.
type ledger struct {
	store webhooks.Store
	// saving holds one item while a line stores. Nobody who looks waits for the store.
	saving chan struct{}

	mu    sync.Mutex
	p     webhooks.Progress
	moved chan struct{} // closed when the health changes
}

// openLedger reads how far an endpoint has got, which has its address since a time; begun if it was
// sent nothing yet.
func openLedger(ctx context.Context, store webhooks.Store, begun webhooks.Progress, since time.Time) (*ledger, error) {
	p, err := store.WebhookProgress(ctx, begun.Workspace, begun.Webhook)
	if err == nil && p.Rev == 0 {
		p = begun
	}
	p.Health = p.Health.Of(since)
	return &ledger{store: store, p: p, saving: make(chan struct{}, 1), moved: make(chan struct{})}, err
}

// save stores the progress as edit leaves it, with deliveries, which are asked for when it
// is this line's turn. ErrStale when another server sends to the endpoint. Lines that save
// wait for each other.
func (l *ledger) save(
	ctx context.Context, edit func(*webhooks.Progress), deliveries func(context.Context) ([]webhooks.Delivery, error),
) error {
	select {
	case l.saving <- struct{}{}:
		defer func() { <-l.saving }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	with, err := deliveries(ctx)
	if err != nil {
		return err
	}
	next, _ := l.look()
	next.Rev++
	edit(&next)
	if err := l.store.SaveWebhookProgress(ctx, next, with...); err != nil {
		return err
	}
	l.saved(next)
	return nil
}

func (l *ledger) saved(next webhooks.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if next.Health != l.p.Health {
		close(l.moved)
		l.moved = make(chan struct{})
	}
	l.p = next
}

// alone is a save without deliveries.
func alone(context.Context) ([]webhooks.Delivery, error) { return nil, nil }

// look returns the progress, and what is closed when its health changes.
func (l *ledger) look() (webhooks.Progress, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.p, l.moved
}

// maxEnded bounds the replays that are known to be over: as many as an endpoint remembers.
const maxEnded = 20

// endReplay notes that a replay is over.
func endReplay(p *webhooks.Progress, id string) {
	p.Replays, p.ReplaysLast = without(p.Replays, id), without(p.ReplaysLast, id)
	p.Ended = append(slices.Clone(p.Ended[max(0, len(p.Ended)-maxEnded+1):]), id)
}

// without is a copy of what is known of replays, without one of them.
func without(of map[string]int64, id string) map[string]int64 {
	out := maps.Clone(of)
	if out == nil {
		out = map[string]int64{}
	}
	delete(out, id)
	return out
}
