package webhook

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
)

// original is what a replay knows of the first delivery of a record since it planned to
// send it again.
type original struct {
	webhooks.Delivery
	// open says that the first delivery was still to be tried then, or tried again.
	open bool
}

// originals are the first deliveries of records that a replay reads, and how far these had
// come before they were read: what is settled meanwhile counts as open.
type originals struct {
	stored    map[int64]webhooks.Delivery
	delivered int64
}

// readOriginals reads them.
func (l *line) readOriginals(ctx context.Context, found []eventlog.Record) (out originals, err error) {
	if l.replay == nil {
		return out, nil
	}
	p, _ := l.ledger.look()
	out = originals{map[int64]webhooks.Delivery{}, p.Delivered}
	first, last := int64(found[0].Sequence), int64(found[len(found)-1].Sequence)
	stored, err := l.Store.DeliveriesBehind(ctx, l.w.Workspace, l.w.ID, "", first-1, int(last-first)+1)
	for _, d := range stored {
		out.stored[d.Sequence] = d
	}
	return out, err
}

// remember notes what a replay has to know of the first delivery when its own is over.
func (l *line) remember(sequence int64, first originals) {
	if l.replay == nil {
		return
	}
	o := original{first.stored[sequence], sequence > first.delivered}
	if o.open || o.State == webhooks.Parked {
		l.first[sequence] = o
	}
}

// reconciled are deliveries that are to be stored, where a replay and the first delivery of
// its event meet: what was parked and is delivered by any replay is parked no longer,
// whichever of the two comes first. The ledger asks, so that neither misses the other.
func (l *line) reconciled(ctx context.Context, all []webhooks.Delivery) ([]webhooks.Delivery, error) {
	out := slices.Clone(all)
	for i, d := range all {
		switch {
		case l.replay == nil && d.State == webhooks.Parked:
			done, err := l.replayed(ctx, d)
			if err != nil {
				return nil, err
			}
			if done {
				out[i] = d.Replayed()
			}
		case l.replay != nil && d.State == webhooks.Delivered:
			first, err := l.parkedFirst(ctx, d.Sequence)
			if err != nil {
				return nil, err
			}
			out = append(out, first...)
		}
		if d.State.Settled() {
			delete(l.first, d.Sequence)
		}
	}
	return out, nil
}

// sentAgain is how many deliveries of one event are looked at.
const sentAgain = 100

// replayed reports whether a replay delivered the event of a first delivery.
func (l *line) replayed(ctx context.Context, d webhooks.Delivery) (bool, error) {
	page, err := l.Store.ListDeliveries(ctx, webhooks.DeliveryQuery{
		Workspace: d.Workspace, Webhook: d.Webhook, State: webhooks.Delivered,
		Page: inbox.PageRequest{Limit: sentAgain, After: &inbox.PageCursor{Sequence: int(d.Sequence) + 1}},
	})
	return slices.ContainsFunc(page.Items, func(one webhooks.Delivery) bool { return one.Sequence == d.Sequence }), err
}

// parkedFirst is the first delivery of an event that a replay delivered, as it is to be
// stored; none unless it was parked.
func (l *line) parkedFirst(ctx context.Context, sequence int64) ([]webhooks.Delivery, error) {
	o := l.first[sequence]
	if o.open {
		now, err := l.Store.DeliveriesBehind(ctx, l.w.Workspace, l.w.ID, "", sequence-1, 1)
		if err != nil || len(now) == 0 || now[0].Sequence != sequence {
			return nil, err
		}
		o.Delivery = now[0]
	}
	if o.State != webhooks.Parked {
		return nil, nil
	}
	return []webhooks.Delivery{o.Replayed()}, nil
}
