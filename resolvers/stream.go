package resolvers

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live"

	"github.com/99designs/gqlgen/graphql"
)

// stream is one running subscription. Rights are asked again for every item,
// with the directory as it is then. B:Z4.
type stream[T any] struct {
	r         *Resolver
	name      string // of the field, for logs
	principal inbox.Principal
	mode      *execMode // nil when the stream is for its caller alone
	source    *live.Subscription
	out       chan T
	cursors   list
	seen      cursor // that the client came back with; zero when it came anew
	position  string // behind the last item
	number    uint64 // of the last item
	// visible is scope.visible with the rights of the beginning.
	visible func(inbox.Event) bool
	// missed are delivered first, to a client that comes back. The source delivers
	// none of them.
	missed []*live.Item
	// current are the conversations of the missed items as the last of them left
	// each: what was missed is shown with the conversation as it is, not as it was.
	current map[inbox.ConversationID]inbox.Conversation
	// loadedCurrent says that newest was read for the whole replay: see loadCurrent.
	loadedCurrent bool
	// mark makes the cursor behind a position.
	mark func(position string) string
	// pause is when tell is asked again without an item; nil for never.
	pause <-chan time.Time
	// emit turns an item into what the client gets; more is false to end.
	emit func(ctx context.Context, s *scope, item *live.Item) (out []T, more bool, err error)
}

// open subscribes to the caller's workspace before anything is read, so that
// no change falls between. With after it goes on behind that cursor, or begins
// with an item that says that this can no longer be done. With keys it hears
// only of conversations that have one of them.
func open[T any](ctx context.Context, r *Resolver, after *string, keys ...access.Facet) (*stream[T], *scope, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, nil, err
	}
	s, err := newScope(ctx, r.Inbox, p)
	if err != nil {
		return nil, nil, err
	}
	st := &stream[T]{r: r, name: graphql.GetFieldContext(ctx).Field.Name, principal: p, mode: modeOf(ctx), out: make(chan T), cursors: r.liveCursors(p), visible: s.visible}
	if err := st.subscribe(ctx, st.mode.after(after), keys); err != nil {
		return nil, nil, err
	}
	st.position, st.number, st.mark = st.beginning(), st.source.Sequence(), st.cursor
	s, err = newScope(ctx, r.Inbox, p)
	return st, s, err
}

// beginning is the position that the caller knows the subscription's start by.
func (st *stream[T]) beginning() string { return st.source.Checkpoint().PositionAfter(st.visible) }

// resubscribe listens by other keys from now on. The result is the number of the last
// item of the workspace.
func (st *stream[T]) resubscribe(keys ...access.Facet) (last uint64) {
	at, last := st.source.Resubscribe(keys...)
	st.position = at.PositionAfter(st.visible)
	return last
}

// start runs the stream, once it knows what to tell.
func (st *stream[T]) start(ctx context.Context) {
	st.mode.begins(st.mark(st.position), st.source.Sequence())
	go st.run(ctx)
}

// run sends until the source or the client ends. It owns the channel.
func (st *stream[T]) run(ctx context.Context) {
	defer close(st.out)
	look := time.NewTicker(recheck)
	defer look.Stop()
	for {
		item, open := st.nextMissed()
		if item == nil {
			if st.mode.ends() {
				return
			}
			item, open = st.next(look.C)
		}
		if !open {
			st.end(ctx, st.source.Err())
			return
		}
		out, more, err := st.stepWithRetry(ctx, item, look.C)
		if err != nil {
			st.end(ctx, err)
			return
		}
		if !st.send(ctx, item, out) || !more {
			return
		}
	}
}

// recheck is how often rights are asked again without any event: the directory
// may be newer than the feed while the feed is away. B:Z6.
const recheck = time.Second

// next waits for an item, or makes one that asks to look at the rights again.
func (st *stream[T]) next(look <-chan time.Time) (*live.Item, bool) {
	select {
	case item, open := <-st.source.Items():
		if open {
			st.position, st.number = item.Position, item.Number
		}
		return item, open
	case <-look:
		return &live.Item{Position: st.position, Event: inbox.Event{Type: inbox.DirectoryEvent}}, true
	case <-st.pause:
		st.pause = nil
		return &live.Item{Position: st.position}, true
	}
}

// end tells a client that is still there why the stream ends.
func (st *stream[T]) end(ctx context.Context, why error) {
	if errors.Is(why, live.ErrSlow) || errors.Is(why, live.ErrClosed) {
		why = resumableEnd{why}
	}
	if ctx.Err() == nil {
		st.r.EndWithError(ctx, why)
	}
}

// resumableEnd is the end of a stream that goes on for whoever comes back to it: an
// error message would end it for good in most clients. B:V10.
type resumableEnd struct{ error }

// ComeBack says so to the transport.
func (resumableEnd) ComeBack() bool { return true }

// Unwrap returns why.
func (c resumableEnd) Unwrap() error { return c.error }

// stepWithRetry is step, again each second for as long as the database is away: an
// error would end the stream for good in most clients. What piles up meanwhile is
// bounded by the source.
func (st *stream[T]) stepWithRetry(ctx context.Context, item *live.Item, look <-chan time.Time) ([]T, bool, error) {
	for {
		out, more, err := st.step(ctx, item)
		if inbox.CodeOf(err) != inbox.Unavailable {
			return out, more, err
		}
		select {
		case <-look:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

func (st *stream[T]) step(ctx context.Context, item *live.Item) ([]T, bool, error) {
	s, err := newScope(ctx, st.r.Inbox, st.principal)
	if err != nil {
		return nil, false, err
	}
	return st.emit(ctx, s, item)
}

func (st *stream[T]) send(ctx context.Context, of *live.Item, items []T) bool {
	for _, item := range items {
		if !st.mode.place(ctx, st.mark(of.Position), of.Number) {
			return false
		}
		select {
		case st.out <- item:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// cursor makes the cursor right behind an item, bound to the workspace.
func (st *stream[T]) cursor(position string) string { return st.cursors.cursor(position, anyRights) }

// anyRights stands in cursors of streams that do not depend on what the rights
// were.
const anyRights = "live"
