package feed

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Source is everything that a server knows of the past and the present of the events:
// the hub for what happens and the newest items, and the database's log for what the
// hub no longer has.
type Source struct {
	Hub     *Hub
	CatchUp *CatchUp
	// Abreast keeps those who begin behind a gap from being told again what they know; nil
	// where no other server is ahead of this one.
	Abreast *Abreast
}

// ErrBehind is a server that hears of events later than others do. The same request
// may be sent again.
var ErrBehind error = &inbox.Error{Code: inbox.Unavailable, Message: "This server is behind. Subscribe again, after the last cursor that arrived."}

// catchUpTime is how long this server's feed may take to come to where the
// subscriber has been on another server.
const catchUpTime = 10 * time.Second

// Since subscribes like Hub.Subscribe, for a subscriber that goes on behind a position,
// and returns the items between that position and the subscription: every event is
// either one of them or delivered by the subscription, once. Lost, when set, says that
// these items are not known and why; missed is empty then. Among the missed items are
// also some that have none of the keys.
//
// A subscriber that has been further on another server waits until this one has come
// there, for ten seconds at most; so does one who begins behind a gap, of whom it is not
// known where it has been: else what it knows already would come behind the gap. Errors:
// inbox.ErrBadPosition, ErrBehind, ErrFull, ErrClosed, UNAVAILABLE, the cause of a ctx
// that ended.
func (f Source) Since(ctx context.Context, who Caller, position string, keys ...access.Facet) (*Subscription, []*Item, GapReason, error) {
	s, found, err := f.since(ctx, who, position, keys...)
	if err != nil || f.Abreast == nil || found.Lost == "" && s.Start() != "" {
		return s, found.Missed, found.Lost, err
	}
	s.Leave()
	if err := f.inTime(ctx, f.Abreast.Wait); err != nil {
		return nil, nil, "", err
	}
	if found.Lost == "" || found.Slow { // the feed was not open, or the database did not answer
		s, found, err = f.since(ctx, who, position, keys...)
		return s, found.Missed, found.Lost, err
	}
	s, missed, reached, err := f.Hub.SubscribeAfter(ctx, who.Workspace, position, keys...)
	if reached {
		found.Lost = ""
	}
	return s, missed, found.Lost, err
}

func (f Source) since(
	ctx context.Context, who Caller, position string, keys ...access.Facet,
) (s *Subscription, found CatchUpResult, err error) {
	s, missed, reached, err := f.Hub.SubscribeAfter(ctx, who.Workspace, position, keys...)
	if err != nil || reached || s.Start() == "" { // a feed that was never open begins with a gap
		return s, CatchUpResult{Missed: missed}, err
	}
	found, err = f.CatchUp.Since(ctx, who, position, s.Start())
	if err != nil || found.Ahead == "" {
		return s, found, err
	}
	s.Leave()
	gaps := f.Hub.gaps.Load()
	// Else this server would deliver again what the subscriber has received.
	if err := f.inTime(ctx, func(ctx context.Context) error { return f.Hub.Await(ctx, found.Ahead) }); err != nil {
		return nil, CatchUpResult{}, err
	}
	s, missed, reached, err = f.Hub.SubscribeAfter(ctx, who.Workspace, found.Ahead, keys...)
	found = CatchUpResult{Missed: missed}
	switch {
	case err != nil || reached:
	case f.Hub.gaps.Load() != gaps:
		found.Lost = GapHistoryLost
	default:
		found.Lost = GapServerBehind
	}
	return s, found, err
}

// inTime waits for this server to know as much as the subscriber. ErrBehind if it does not
// in time.
func (f Source) inTime(ctx context.Context, wait func(context.Context) error) error {
	waiting, cancel := context.WithTimeoutCause(ctx, catchUpTime, ErrBehind)
	defer cancel()
	err := wait(waiting)
	if errors.Is(err, ErrBehind) && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
