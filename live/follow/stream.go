package follow

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live/feed"
)

// tryAgain is the pause between two tries while the database is away.
const tryAgain = time.Second

// errComplete ends a stream that has delivered all that it will.
var errComplete = errors.New("follow: the stream is complete")

// Stream is one running subscription with items of type T.
type Stream[T any] struct {
	*Streams
	replay
	request Request
	source  *feed.Subscription
	// position is behind the last item of the source, and number that item's.
	position string
	number   uint64
	waiting
	// looked is how often everybody had been asked to look at the rights when this stream
	// did. What ends ends what the machine holds elsewhere; nil for nothing.
	looked uint64
	ends   func()
	// rights is what tokens say of the rights.
	rights func() string

	// Emit pushes what an item is to the subscriber; it returns errComplete behind the last
	// one. What that takes is nil while the stream waits.
	emit func(ctx context.Context, item *feed.Item) error
	*moment[T]
	// gap is why something before the next delivery is missing; empty for nothing.
	gap feed.GapReason
}

// moment is what a stream has of the item that it is at.
type moment[T any] struct {
	// access are the rights by which emit judges the item.
	access access.Access
	// at is behind the item, and out what it is to the subscriber.
	at  string
	out []T
}

// Delivery is one item for the subscriber.
type Delivery[T any] struct {
	// Token is behind the item.
	Token ResumeToken
	// Number is that of the event in this server's hub; 0 for what no event caused.
	Number uint64
	// Gap is why changes before the item are missing; empty if none are.
	Gap feed.GapReason
	// Access are the rights by which the item was made.
	Access access.Access
	Body   T
}

// open subscribes before anything is read, so that no change falls between. Wants
// checks the rights; of the events of conversations the stream receives those with one
// of its facets, or all for none. The rights are read again behind the subscription.
func open[T any](ctx context.Context, f *Streams, r Request, wants func(access.Access) ([]access.Facet, error)) (*Stream[T], error) {
	a, err := r.Rights(ctx)
	if err != nil {
		return nil, err
	}
	facets, err := wants(a)
	if err != nil {
		return nil, err
	}
	s := &Stream[T]{Streams: f, request: r, waiting: waiting{bell: new(bell)}, moment: &moment[T]{access: a}}
	s.rights = func() string { return AnyRights }
	if err := s.subscribe(ctx, facets); err != nil {
		return nil, err
	}
	s.position, s.number = s.beginning(), s.source.Sequence()
	s.looked = f.Source.Hub.Rechecks.Asked()
	s.access, err = r.Rights(ctx)
	return s, err
}

func everything(access.Access) ([]access.Facet, error) { return nil, nil }

// Begins returns where the stream begins: the token, and the number of the last item
// before it.
func (s *Stream[T]) Begins() (ResumeToken, uint64) { return s.token(s.position), s.source.Sequence() }

func (s *Stream[T]) token(position string) ResumeToken {
	return ResumeToken{Position: position, Rights: s.rights()}
}

// beginning is the position by which the caller knows the subscription's start.
func (s *Stream[T]) beginning() string {
	return s.source.Checkpoint().PositionAfter(Visible(s.access))
}

// resubscribe listens by other facets from now on, and drops what was not delivered. It
// returns the number of the last item of the workspace.
func (s *Stream[T]) resubscribe(facets ...access.Facet) (last uint64) {
	at, last := s.source.Resubscribe(facets...)
	s.position = at.PositionAfter(Visible(s.access))
	s.at, s.missed = s.position, nil
	return last
}

// send makes of an item what the subscriber receives, and delivers it. It is done when
// that was the last.
func (s *Stream[T]) send(ctx context.Context, item *feed.Item, deliver func(context.Context, Delivery[T]) error) (done bool, err error) {
	s.at = item.Position
	ended := retry(ctx, func() error { return s.step(ctx, item) })
	if ended != nil && !errors.Is(ended, errComplete) {
		return false, ended
	}
	for _, body := range s.out {
		d := Delivery[T]{s.token(s.at), item.Number, s.takeGap(), s.access, body}
		end := s.delivering(ctx, item.Event.Trace, s.request.Name)
		err := retry(ctx, func() error { return deliver(ctx, d) })
		if end(); err != nil {
			return false, err
		}
	}
	s.out = nil
	return ended != nil, nil
}

func (f *Streams) delivering(ctx context.Context, trace, name string) (end func()) {
	if f.Delivering == nil {
		return func() {}
	}
	return f.Delivering(ctx, trace, name)
}

func (s *Stream[T]) step(ctx context.Context, item *feed.Item) (err error) {
	s.out = nil
	if s.access, err = s.request.Rights(ctx); err != nil {
		return err
	}
	return s.emit(ctx, item)
}

func (s *Stream[T]) push(body T) { s.out = append(s.out, body) }

func retry(ctx context.Context, try func() error) error {
	for {
		err := try()
		if inbox.CodeOf(err) != inbox.Unavailable || errors.Is(err, ErrMissed) {
			return err
		}
		select {
		case <-time.After(tryAgain):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// takeGap is the gap before a delivery, which is counted and logged with it.
func (s *Stream[T]) takeGap() (reason feed.GapReason) {
	reason, s.gap = s.gap, ""
	if reason != "" {
		s.Gaps.Add(reason)
		s.Log.Debug("a subscriber has to fetch again", "workspace", s.request.Principal.Workspace, "subscription", s.request.Name, "reason", reason)
	}
	return reason
}
