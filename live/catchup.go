package live

import (
	"context"
	"errors"
	"sync/atomic"

	"switchboard/inbox"
)

const (
	// catchUpsAtOnce bounds the feeds that are open for listeners who come back;
	// others wait their turn.
	catchUpsAtOnce = 8
	// catchUpMost is how many missed items a listener is told. Who missed more
	// reads anew, which is cheaper for both.
	catchUpMost = 10_000
)

// CatchUp tells listeners what they missed before the hub's ring begins: from
// before a restart, or on another server. It is safe for concurrent use.
type CatchUp struct {
	feed  inbox.Feed
	turns chan struct{}

	running atomic.Int64
	begun   atomic.Uint64
}

// NewCatchUp reads from feed.
func NewCatchUp(feed inbox.Feed) *CatchUp {
	return &CatchUp{feed: feed, turns: make(chan struct{}, catchUpsAtOnce)}
}

// Running is how many listeners are being told now, or wait for their turn.
func (c *CatchUp) Running() int { return int(c.running.Load()) }

// Begun is how often a listener was told.
func (c *CatchUp) Begun() uint64 { return c.begun.Load() }

// Since gives the items of ws that were committed behind position and before
// the call. Subscribe first: what both tell has equal positions, and comes first
// in the subscription. Reached is false when the feed no longer reaches back
// that far, or when there is too much. Errors: inbox.ErrBadPosition, UNAVAILABLE.
func (c *CatchUp) Since(ctx context.Context, ws inbox.WorkspaceID, position string) (missed []*Item, reached bool, err error) {
	c.begun.Add(1)
	c.running.Add(1)
	defer c.running.Add(-1)
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return nil, false, context.Cause(ctx)
	}
	stream, err := c.feed.Watch(ctx, position)
	if errors.Is(err, inbox.ErrHistoryLost) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = stream.Close(context.WithoutCancel(ctx)) }() // it was only read
	return drain(ctx, stream, ws)
}

func drain(ctx context.Context, stream inbox.FeedStream, ws inbox.WorkspaceID) (missed []*Item, reached bool, err error) {
	for {
		item, ok, err := stream.TryNext(ctx)
		switch {
		case errors.Is(err, inbox.ErrHistoryLost), len(missed) > catchUpMost:
			return nil, false, nil
		case err != nil:
			return nil, false, err
		case !ok:
			return missed, true, nil
		case item.Event.Workspace == ws:
			missed = append(missed, &Item{Event: item.Event, Position: item.Position})
		}
	}
}
