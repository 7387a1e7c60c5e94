package feed

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

// CatchUp tells listeners what they missed before the hub's ring begins: from
// before a restart, or on another server. It is safe for concurrent use.
//
// Each catch-up reads the database's log, which is shared by all: so a few run at
// a time, in turns that are fair to workspaces and to the callers in each, and
// each reads so much and no more. Who is over a bound is told of a gap.
type CatchUp struct {
	feed    port.WorkspaceFeed
	limiter *fairLimiter
	// logs are the turns of those who read a log, which needs no change stream.
	logs  *fairLimiter
	bound Bounds

	running                           atomic.Int64
	begun                             atomic.Uint64
	gone, large, slow, tooManyWaiting atomic.Uint64
}

// Bounds is what one listener may have read in all. Who missed more reads anew,
// which is cheaper for both.
type Bounds struct {
	Time  time.Duration
	Items int
	Bytes int
}

// DefaultBounds are the bounds of a catch-up.
func DefaultBounds() Bounds { return Bounds{Time: 2 * time.Second, Items: 10_000, Bytes: 32 << 20} }

// NewCatchUp reads from feed.
func NewCatchUp(feed port.WorkspaceFeed, bound Bounds) *CatchUp {
	return &CatchUp{feed: feed, limiter: newFairLimiter(everybody), logs: newFairLimiter(readers), bound: bound}
}

// Running is how many listeners are being told now, or wait for their turn.
func (c *CatchUp) Running() int { return int(c.running.Load()) }

// Waiting is how many listeners wait for their turn.
func (c *CatchUp) Waiting() int { return c.limiter.waiting() }

// Begun is how often a listener was told, or refused.
func (c *CatchUp) Begun() uint64 { return c.begun.Load() }

// Gone is how often a gap was told because the log no longer reached back.
func (c *CatchUp) Gone() uint64 { return c.gone.Load() }

// Large is how often a gap was told because too much was missed.
func (c *CatchUp) Large() uint64 { return c.large.Load() }

// Slow is how often a gap was told because reading took too long.
func (c *CatchUp) Slow() uint64 { return c.slow.Load() }

// Refused is how often a gap was told because too many waited for a turn.
func (c *CatchUp) Refused() uint64 { return c.tooManyWaiting.Load() }

// CatchUpResult is what a listener missed.
type CatchUpResult struct {
	// Missed are the items behind the position that Since was called with and before
	// the start of the subscription: the subscription delivers none of them.
	Missed []*Item
	// Lost, when set, says that the missed items are not known, and why.
	Lost GapReason
	// Slow says that they were lost for the time that reading took.
	Slow bool
	// Ahead, when set, says that the listener knows more than this server's hub,
	// which has yet to come to this position: nothing lies between it and the
	// listener's own. Nothing was missed then.
	Ahead string
}

// Since returns the items of the caller's workspace that were committed behind
// position, up to where a subscription starts: subscribe first, and pass its Start.
// Every item is then either in the result or delivered by the subscription. With an
// empty start, the result has all items that were committed before the call. Errors: inbox.ErrBadPosition, UNAVAILABLE, the cause of a ctx that ended.
func (c *CatchUp) Since(ctx context.Context, who Caller, position, start string) (CatchUpResult, error) {
	c.begun.Add(1)
	c.running.Add(1)
	defer c.running.Add(-1)
	release, err := c.limiter.acquire(ctx, who.parties()...)
	if err != nil {
		return c.judge(err)
	}
	defer release()
	reading, cancel := context.WithTimeoutCause(ctx, c.bound.Time, errTooLong)
	defer cancel()
	found, err := c.compare(reading, who.Workspace, bare(position), bare(start))
	if err == nil {
		return found, nil
	}
	if ctx.Err() == nil && errors.Is(context.Cause(reading), errTooLong) {
		err = errTooLong
	}
	return c.judge(err)
}

// Why what was missed is not told.
var (
	errTooMuch = errors.New("live: too much was missed")
	errTooLong = errors.New("live: reading what was missed takes too long")
)

// Turn waits for a turn to read the next records of a log and to deliver them, fair to
// workspaces and callers as for Since: of the streams by which somebody follows a log a few
// work at a time, and rest together. The turn ends with release, which is called once.
// Errors: the cause of a ctx that ended, UNAVAILABLE.
func (c *CatchUp) Turn(ctx context.Context, who Caller) (release func(), err error) {
	release, err = c.logs.acquire(ctx, who.reading()...)
	if errors.Is(err, errTooManyWaiting) {
		err = &inbox.Error{Code: inbox.Unavailable, Message: "Too many streams read the log just now. Try again in a moment."}
	}
	return release, err
}

// judge turns an error that is a gap into one, and counts it.
func (c *CatchUp) judge(err error) (CatchUpResult, error) {
	switch {
	case errors.Is(err, port.ErrHistoryLost):
		c.gone.Add(1)
		return CatchUpResult{Lost: GapHistoryLost}, nil
	case errors.Is(err, errTooMuch):
		c.large.Add(1)
		return CatchUpResult{Lost: GapTooMuch}, nil
	case errors.Is(err, errTooLong):
		c.slow.Add(1)
		return CatchUpResult{Lost: GapTooMuch, Slow: true}, nil
	case errors.Is(err, errTooManyWaiting):
		c.tooManyWaiting.Add(1)
		return CatchUpResult{Lost: GapServerBusy}, nil
	}
	return CatchUpResult{}, err
}

// compare reads what lies behind position and what lies behind start. Positions
// say nothing of which is first, but what is behind start only lies between the
// two.
func (c *CatchUp) compare(ctx context.Context, ws workspace.WorkspaceID, position, start string) (CatchUpResult, error) {
	if start == position {
		return CatchUpResult{}, nil
	}
	left := &budget{}
	left.items.Store(int64(c.bound.Items))
	left.bytes.Store(int64(c.bound.Bytes))
	behind, err := c.open(ctx, ws, position, left)
	if err != nil {
		return CatchUpResult{}, err
	}
	defer behind.close(ctx)
	if start == "" { // the hub begins with a gap
		err := behind.read(ctx)
		return CatchUpResult{Missed: behind.items}, err
	}
	hub, err := c.open(ctx, ws, start, left)
	if err != nil {
		return CatchUpResult{}, err
	}
	defer hub.close(ctx)
	// What is behind start is read later, to know of everything that the first part
	// has; and the first part again, if more was committed meanwhile.
	if err := behind.read(ctx); err != nil {
		return CatchUpResult{}, err
	}
	if err := hub.read(ctx); err != nil {
		return CatchUpResult{}, err
	}
	if hub.beyond(behind) != "" {
		if err := behind.read(ctx); err != nil {
			return CatchUpResult{}, err
		}
	}
	if ahead := hub.beyond(behind); ahead != "" {
		return CatchUpResult{Ahead: ahead}, nil
	}
	return CatchUpResult{Missed: behind.before(hub)}, nil
}
