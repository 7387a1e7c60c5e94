package resolvers

import (
	"context"
	"errors"

	"switchboard/auth"
	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/live/follow"

	"github.com/99designs/gqlgen/graphql"
)

func newStreams(c Config) *follow.Streams {
	return &follow.Streams{
		Source: feed.Source{Hub: c.Hub, CatchUp: c.CatchUp, Abreast: c.Abreast},
		Reader: c.Inbox.Reader, Starred: c.Inbox.Shelf.Starred,
		Notified: c.Inbox.Notify.NotificationsByID, Words: c.Words, Gaps: c.Gaps,
		Logs:  follow.LogSource{Service: c.Inbox.Log, Signals: c.LogSignals, Renew: c.RenewRights},
		Marks: c.Marks, Log: c.Log, Delivering: c.Delivering,
		OpenToken: func(ws workspace.WorkspaceID, text string) (follow.ResumeToken, bool, error) {
			t, expired, err := liveCursors(c.Seals, ws).token("after", text)
			return t, expired || err == nil && t.Position == "", err // a record from before the log was kept has no position
		},
	}
}

// request is the caller as a subscriber, who goes on behind the cursor after.
func (r *Resolver) request(ctx context.Context, after *string) follow.Request {
	p, _ := auth.FromContext(ctx) // Rights refuses a context without a caller
	mode := modeOf(ctx)
	return follow.Request{
		Name: graphql.GetFieldContext(ctx).Field.Name, Principal: p, After: mode.after(after), Waiting: mode.waiting(p), ReplayOnly: mode.ends(),
		Keep: func(bytes int) error { return r.Keep(ctx, bytes) },
		Room: func() <-chan struct{} { return r.Room(ctx) },
		Rights: func(ctx context.Context) (access.Access, error) {
			p, err := principal(ctx)
			if err != nil {
				return access.Access{}, err
			}
			return accessOf(ctx, r.Inbox, p)
		},
	}
}

// delivered is an item of a stream with everything that converts it.
type delivered[T any] struct {
	follow.Delivery[T]
	scope  *scope
	cursor string
}

// stream is a subscription of follow that was opened.
type stream[T any] interface {
	Begins() (follow.ResumeToken, uint64)
	Work(ctx context.Context, deliver func(context.Context, follow.Delivery[T]) error) (over bool, err error)
	Await(wake func()) bool
	Run(ctx context.Context, deliver func(context.Context, follow.Delivery[T]) error) error
}

// deliver has a stream run and sends what show makes of its items. An err of the opening
// is returned.
func deliver[T, M any](ctx context.Context, r *Resolver, st stream[T], err error, show func(context.Context, delivered[T]) (M, error)) (<-chan M, error) {
	if err != nil {
		return nil, unopened(ctx, err)
	}
	graphql.GetFieldContext(ctx).Args = nil // the stream has what it needs of them, and lasts
	p, _ := auth.FromContext(ctx)
	cursors, out := liveCursors(r.Seals, p.Workspace), make(chan M, 1)
	at, number := st.Begins()
	modeOf(ctx).begins(cursors.live(at), number)
	items := func(send func(context.Context, M, itemShown) error) func(context.Context, follow.Delivery[T]) error {
		return func(ctx context.Context, d follow.Delivery[T]) error {
			cursor, within := cursors.live(d.Token), scopeWith(d.Access, r.Inbox, p)
			item, err := show(ctx, delivered[T]{d, within, cursor})
			if err != nil {
				return err
			}
			about := subjectOf(item)
			shown := itemShown{positionOf(cursor, d.Number, about), within}
			return tell(ctx, about, shown, func(shown itemShown) error { return send(ctx, item, shown) })
		}
	}
	source := func(ctx context.Context, next respond) (await func(wake func()) bool) {
		over, err := st.Work(ctx, items(responding(out, next)))
		if !over {
			return st.Await
		}
		r.endStream(ctx, err)
		return nil
	}
	if !r.RunSource(ctx, source) {
		go func() { defer close(out); r.endStream(ctx, st.Run(ctx, items(waiting(out)))) }()
	}
	return out, nil
}

// respond sends a response with the item that the channel of a subscription holds. It
// is false when nobody listens any more.
type respond = func(with func(context.Context) context.Context) bool

var errNobodyListens = errors.New("resolvers: nobody listens to the subscription any more")

// responding sends items by calling for their responses. An interceptor may answer
// without the item, which is then sent with the next response.
func responding[M any](out chan M, next respond) func(context.Context, M, itemShown) error {
	return func(_ context.Context, item M, of itemShown) error {
		for out <- item; len(out) > 0; {
			if !next(of.within) {
				return errNobodyListens
			}
		}
		return nil
	}
}

// waiting sends items to somebody who reads the channel.
func waiting[M any](out chan M) func(context.Context, M, itemShown) error {
	return func(ctx context.Context, item M, _ itemShown) error {
		select {
		case out <- item:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// endStream says why a stream has ended, unless its subscriber ended it.
func (r *Resolver) endStream(ctx context.Context, err error) {
	if errors.Is(err, feed.ErrSlow) || errors.Is(err, feed.ErrClosed) {
		err = resumableEnd{err}
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, errNobodyListens) {
		r.EndWithError(ctx, err)
	}
}

// gapReason is null for no gap.
func gapReason(reason feed.GapReason) *model.GapReason { return optional(model.GapReason(reason)) }

// unopened is why a stream does not begin, as the client receives it. For one that goes on
// alone it had begun.
func unopened(ctx context.Context, err error) error {
	switch {
	case modeOf(ctx).goesOn() && inbox.CodeOf(err) == inbox.Unavailable:
		return resumableEnd{err}
	case errors.Is(err, port.ErrBadPosition):
		return badCursor("after is not a cursor. Pass a cursor exactly as the API gave it.")
	case errors.Is(err, feed.ErrBehind):
		return resumableEnd{err}
	}
	return err
}

// resumableEnd is the end of a stream that goes on for whoever comes back to it: an
// error message would end it for good in most clients. B:V10.
type resumableEnd struct{ error }

// ComeBack says so to the transport.
func (resumableEnd) ComeBack() bool { return true }

// Unwrap returns why.
func (c resumableEnd) Unwrap() error { return c.error }

// liveCursor is where a page of the view that was read behind position can be
// kept right from; nil when the feed has named no place yet.
func (r *Resolver) liveCursor(ctx context.Context, s *scope, view access.View, position string) (*string, error) {
	if position == "" {
		return nil, nil
	}
	token, err := r.streams.ViewToken(ctx, s.access, view, position)
	at := liveCursors(r.Seals, s.access.Principal.Workspace).cursor(position, token.Rights)
	return &at, err
}

// began is a cursor of where the feed stood when the response began; nil when it
// has named no place yet.
func (r *Resolver) began(s *scope) *string {
	since := s.since.PositionAfter(follow.Visible(s.access))
	if since == "" {
		return nil
	}
	at := liveCursors(r.Seals, s.access.Principal.Workspace).cursor(since, follow.AnyRights)
	return &at
}
