package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// OfferInterval is how often the clock is compared with the next end of an offer: they end
// within 2 seconds. B:T6
const OfferInterval = time.Second

// OfferEnder ends offers.
type OfferEnder interface {
	// ExpireOffers ends what lapsed, and returns when the next offer does.
	ExpireOffers(ctx context.Context) (next time.Time, err error)
	CheckOffers(ctx context.Context, ws workspace.WorkspaceID) error
	// Offering lists the workspaces in which an offer may be open.
	Offering(ctx context.Context) ([]workspace.WorkspaceID, error)
}

// Offers are the duties of ending offers. They follow the feed of all servers, which tells
// when offers lapse. Rights and availability change in the directory, and the targets of a
// workspace are looked at when its directory changed. B:T6
type Offers struct {
	lapses  *Deadlines
	changed *work
	// missed says that every workspace may have changed.
	missed atomic.Bool
	wake   chan struct{}
}

// offerWorkers is in how many workspaces targets that changed are looked at at once.
const offerWorkers = 4

// NewOffers makes duties that stand still.
func NewOffers(clock func() time.Time) *Offers {
	o := &Offers{lapses: NewDeadlines(clock, LapsesAt), changed: newWork(), wake: make(chan struct{}, 1)}
	o.missed.Store(true)
	return o
}

// LapsesAt is when the offer lapses that is open after an event; zero for none.
func LapsesAt(e inbox.Event) time.Time {
	if e.After == nil || !e.After.Offer.Open() {
		return time.Time{}
	}
	return e.After.Offer.ExpiresAt
}

// Duties are three: what lapses, and what an event told of, ends within a time, however
// many workspaces are looked at because events were missed.
func (o *Offers) Duties(by OfferEnder, log *slog.Logger) []Duty {
	expire := func(ctx context.Context) error { return o.lapses.Run(ctx, by.ExpireOffers) }
	check := func(ctx context.Context) error { return o.check(ctx, by, log) }
	checkAll := func(ctx context.Context) error { return o.checkAll(ctx, by) }
	return []Duty{
		{Name: "end offers that lapsed", Every: OfferInterval, Do: expire},
		{Name: "end offers whose target changed", Every: OfferInterval, Do: check},
		{Name: "look at all offers after missed events", Every: OfferInterval, Wake: o.wake, Do: checkAll},
	}
}

// check looks at the targets where they may have changed, until ctx ends. Where that fails
// it is done again.
func (o *Offers) check(ctx context.Context, by OfferEnder, log *slog.Logger) error {
	o.changed.run(ctx, offerWorkers, func(ws workspace.WorkspaceID) (rest func()) {
		err := by.CheckOffers(ctx, ws)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			log.Warn("offers were not looked at and will be again", slog.String("workspace", string(ws)), slog.Any("error", err))
		}
		return func() { sleep(ctx, OfferInterval); o.changed.add(ws) }
	})
	return nil
}

// checkAll looks at the targets of every workspace, if events were missed.
func (o *Offers) checkAll(ctx context.Context, by OfferEnder) error {
	if !o.missed.Swap(false) {
		return nil
	}
	all, failed := by.Offering(ctx)
	if failed != nil {
		o.missed.Store(true)
	}
	for _, ws := range all {
		if ctx.Err() != nil {
			o.missed.Store(true)
			return errors.Join(failed, ctx.Err())
		}
		if err := by.CheckOffers(ctx, ws); err != nil {
			failed = errors.Join(failed, err)
			o.changed.addBehind(ws)
		}
	}
	return failed
}

// Apply notices when an offer lapses, and that a target may have changed.
func (o *Offers) Apply(e inbox.Event) {
	o.lapses.Apply(e)
	if e.Type == inbox.DirectoryEvent {
		o.changed.add(e.Workspace)
	}
}

// Forget has every workspace looked at, and the database asked for what lapses.
func (o *Offers) Forget() {
	o.lapses.Forget()
	o.look()
}

// look has every workspace looked at.
func (o *Offers) look() {
	o.missed.Store(true)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// FeedLost has the database asked for what lapses in every run.
func (o *Offers) FeedLost() { o.lapses.FeedLost() }

// FeedBack has every workspace looked at, and the database asked once for what lapses.
func (o *Offers) FeedBack() {
	o.lapses.FeedBack()
	o.look()
}
