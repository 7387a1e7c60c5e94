package eventlog

import (
	"context"
	"errors"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/feed"
)

const (
	// fillBatch is how many stored events are numbered in one transaction.
	fillBatch = 500
	// surelyCommitted is how much older than the opening of the feed an event is that was
	// committed before, whatever its commit took and the clocks said.
	surelyCommitted = 10 * time.Minute
)

// errNoPosition is a feed that cannot say where it stands.
var errNoPosition = errors.New("eventlog: the feed has no position yet")

// begin makes the present end of the feed the place from which it is followed. All that
// was stored before and has no number gets one first: in a workspace from before there was
// a log, after the data was moved, or when the feed was lost.
func (n *Numberer) begin(ctx context.Context, at Progress) (Progress, error) {
	stream, err := n.feed.Watch(ctx, "")
	if err != nil {
		return at, err
	}
	position := stream.Position()
	_ = stream.Close(ctx) // it was not read
	if position == "" {
		return at, errNoPosition
	}
	next := Progress{Rev: at.Rev + 1, Position: position, Filling: true, Began: n.now().UTC().Truncate(time.Millisecond)}
	return next, n.store.AppendLog(context.WithoutCancel(ctx), next, nil)
}

// fill numbers what was stored before the feed's position, in the order in which it is
// stored. What was committed behind the position is left to the feed, which has it in the
// order of the commits.
func (n *Numberer) fill(ctx context.Context, at Progress) (Progress, error) {
	behind, err := n.openBehind(ctx, at.Position)
	if err != nil {
		return at, err
	}
	defer behind.close(ctx)
	w := n.writer(at)
	for w.at.Filling {
		events, next, err := n.store.StoredEvents(ctx, w.at.Behind, fillBatch)
		if err != nil {
			return at, err
		}
		if events, err = behind.without(ctx, events, w.at.Began); err != nil {
			return at, err
		}
		progress := w.at
		progress.Filling, progress.Behind = next != "", next
		if err := w.stored(ctx, progress, events); err != nil {
			return at, err
		}
	}
	return w.at, nil
}

// committedBehind knows which events were committed behind a position of the feed.
type committedBehind struct {
	stream feed.FeedStream
	ids    map[inbox.EventID]bool
}

func (n *Numberer) openBehind(ctx context.Context, position string) (*committedBehind, error) {
	stream, err := n.feed.WatchPast(ctx, position)
	return &committedBehind{stream: stream, ids: map[inbox.EventID]bool{}}, err
}

func (b *committedBehind) close(ctx context.Context) { _ = b.stream.Close(context.WithoutCancel(ctx)) }

// without returns events that were just read, without those behind the position. It reads
// the feed to its present end if one of them is new enough to be there.
func (b *committedBehind) without(ctx context.Context, events []inbox.Event, opened time.Time) ([]inbox.Event, error) {
	old := opened.Add(-surelyCommitted)
	if !slices.ContainsFunc(events, func(e inbox.Event) bool { return !e.At.Before(old) }) {
		return events, nil
	}
	for {
		item, ok, err := b.stream.TryNext(ctx)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		b.ids[item.Event.ID] = true
	}
	return slices.DeleteFunc(events, func(e inbox.Event) bool { return b.ids[e.ID] }), nil
}
