package feed

import (
	"context"
	"errors"

	"switchboard/inbox"
)

// First returns the first event behind a position that is wanted. Found is false if there
// is none yet. A reason for a gap says that the position cannot be found any more, or that
// too much would have to be read. Errors: those of Since.
func (c *CatchUp) First(
	ctx context.Context, who Caller, position string, wanted func(inbox.Event) bool,
) (e inbox.Event, found bool, lost GapReason, err error) {
	c.begun.Add(1)
	c.running.Add(1)
	defer c.running.Add(-1)
	e, found, err = c.first(ctx, who, bare(position), wanted)
	if err != nil {
		result, err := c.judge(err)
		return inbox.Event{}, false, result.Lost, err
	}
	return e, found, "", nil
}

func (c *CatchUp) first(
	ctx context.Context, who Caller, position string, wanted func(inbox.Event) bool,
) (inbox.Event, bool, error) {
	release, err := c.limiter.acquire(ctx, who.parties()...)
	if err != nil {
		return inbox.Event{}, false, err
	}
	defer release()
	reading, cancel := context.WithTimeoutCause(ctx, c.bound.Time, errTooLong)
	defer cancel()
	stream, err := c.feed.WatchWorkspace(reading, who.Workspace, position)
	if err == nil {
		defer func() { _ = stream.Close(context.WithoutCancel(ctx)) }() // it was only read
	}
	for left := c.bound.Items; err == nil; left-- {
		item, more, failed := stream.TryNext(reading)
		switch {
		case failed != nil:
			err = failed
		case !more:
			return inbox.Event{}, false, nil
		case wanted(item.Event):
			return item.Event, true, nil
		case left == 0:
			err = errTooMuch
		}
	}
	if ctx.Err() == nil && errors.Is(context.Cause(reading), errTooLong) {
		err = errTooLong
	}
	return inbox.Event{}, false, err
}
