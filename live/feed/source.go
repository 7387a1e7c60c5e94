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
// there, for ten seconds at most. Errors: inbox.ErrBadPosition, ErrBehind, ErrFull,
// ErrClosed, UNAVAILABLE, the cause of a ctx that ended.
func (f Source) Since(ctx context.Context, who Caller, position string, keys ...access.Facet) (s *Subscription, missed []*Item, lost GapReason, err error) {
	s, missed, reached, err := f.Hub.SubscribeAfter(ctx, who.Workspace, position, keys...)
	if err != nil || reached || s.Start() == "" { // a feed that was never open begins with a gap
		return s, missed, "", err
	}
	found, err := f.CatchUp.Since(ctx, who, position, s.Start())
	if err != nil || found.Ahead == "" {
		return s, found.Missed, found.Lost, err
	}
	s.Leave()
	gaps := f.Hub.gaps.Load()
	if err := f.await(ctx, found.Ahead); err != nil {
		return nil, nil, "", err
	}
	s, missed, reached, err = f.Hub.SubscribeAfter(ctx, who.Workspace, found.Ahead, keys...)
	switch {
	case err != nil || reached:
	case f.Hub.gaps.Load() != gaps:
		lost = GapHistoryLost
	default:
		lost = GapServerBehind
	}
	return s, missed, lost, err
}

// await waits until this server knows as much as the subscriber: else it would
// deliver again what the subscriber has received.
func (f Source) await(ctx context.Context, position string) error {
	waiting, cancel := context.WithTimeoutCause(ctx, catchUpTime, ErrBehind)
	defer cancel()
	err := f.Hub.Await(waiting, position)
	if errors.Is(err, ErrBehind) && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
