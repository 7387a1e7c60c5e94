package eventlog

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/feed"
)

const (
	// batch is how many events are numbered in one transaction at most, and how many wait
	// in memory for that: the reader of the feed waits while they are too many.
	batch = 256
	// keepPosition is how often the position is stored while nothing is to be numbered:
	// databases give up positions that are old.
	keepPosition = time.Minute
	// keepProgress is how often the progress is stored while there is something to number:
	// so much is read again by the server that goes on.
	keepProgress = time.Second
)

// Numberer gives every record its number. Each server has one, and the holder of the lease
// runs it. Two that run at once cannot number twice: both write the progress, of which only
// one has the next revision.
type Numberer struct {
	store     Store
	feed      feed.PastFeed
	now       func() time.Time
	log       *slog.Logger
	observers []Observer
	lag       lag
}

// NewNumberer returns one that stands still. Observers hear of what it numbered.
func NewNumberer(s Store, f feed.PastFeed, now func() time.Time, log *slog.Logger, observers ...Observer) *Numberer {
	return &Numberer{store: s, feed: f, now: now, log: log, observers: observers}
}

// Run numbers until ctx ends, or returns why it cannot go on; commit.ErrStale when another
// server numbers. It begins where the last one stopped, and may be called again.
func (n *Numberer) Run(ctx context.Context) error {
	at, err := n.store.LogProgress(ctx)
	if err == nil && at.Position == "" {
		at, err = n.begin(ctx, at)
	}
	if err == nil && at.Filling {
		at, err = n.fill(ctx, at)
	}
	if err == nil {
		err = n.follow(ctx, at)
	}
	if errors.Is(err, feed.ErrHistoryLost) || errors.Is(err, feed.ErrBadPosition) {
		n.log.Warn("the feed does not reach back to the end of the log, which is compared with what is stored",
			slog.Any("error", err))
		_, err = n.begin(ctx, at)
	}
	if ctx.Err() != nil || errors.Is(err, commit.ErrStale) {
		n.lag.forget() // another server numbers
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// follow numbers what the feed brings.
func (n *Numberer) follow(ctx context.Context, at Progress) error {
	stream, err := n.feed.Watch(ctx, at.Position)
	if err != nil {
		return err
	}
	reading, cancel := context.WithCancel(ctx)
	r := readFeed(reading, stream)
	defer r.wait()
	defer cancel()
	w := n.writer(at)
	for err == nil {
		var items []feed.FeedItem
		if items, err = r.next(ctx); err == nil {
			err = w.write(ctx, items)
			rest(ctx)
		}
	}
	if ctx.Err() != nil && w.behind != w.at.Position {
		return w.keep(ctx) // who goes on reads nothing again
	}
	return err
}

// eventsIn returns the events of items, and the position behind the last of them.
func eventsIn(items []feed.FeedItem) (events []inbox.Event, position string) {
	for _, item := range items {
		if position = item.Position; item.Event.ID != "" {
			events = append(events, item.Event)
		}
	}
	return events, position
}
