package resolvers

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/live"
)

// stream is one running subscription. Rights are asked again for every item,
// with the directory as it is then. B:Z4.
type stream[T any] struct {
	r         *Resolver
	principal inbox.Principal
	part      *part // nil when the stream is for its caller alone
	source    *live.Subscription
	out       chan T
	cursors   list
	seen      cursor // that the client came back with; zero when it came anew
	position  string // behind the last item
	// missed are told first, to a client that comes back; told are the positions
	// of those that the source may tell again.
	missed []*live.Item
	told   map[string]bool
	// mark makes the cursor behind a position.
	mark func(position string) string
	// pause is when tell is asked again without an item; nil for never.
	pause <-chan time.Time
	// tell turns an item into what the client gets; more is false to end.
	tell func(ctx context.Context, s *scope, item *live.Item) (out []T, more bool, err error)
}

// open subscribes to the caller's workspace before anything is read, so that
// no change falls between. With after it goes on behind that cursor, or begins
// with an item that says that this can no longer be done. With keys it hears
// only of conversations that have one of them.
func open[T any](ctx context.Context, r *Resolver, after *string, keys ...inbox.Key) (*stream[T], *scope, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, nil, err
	}
	st := &stream[T]{r: r, principal: p, part: partOf(ctx), out: make(chan T), cursors: liveCursors(p)}
	if err := st.subscribe(ctx, st.part.after(after), keys); err != nil {
		return nil, nil, err
	}
	st.position, st.mark = st.source.Start(), st.cursor
	s, err := newScope(ctx, r.Inbox, p)
	return st, s, err
}

func (st *stream[T]) subscribe(ctx context.Context, after *string, keys []inbox.Key) (err error) {
	if after == nil {
		st.source, err = st.r.Hub.Subscribe(ctx, st.principal.Workspace, keys...)
		return err
	}
	if st.seen, err = st.cursors.parse("after", *after); err != nil {
		return err
	}
	reached := false
	st.source, st.missed, reached, err = st.r.Hub.SubscribeAfter(ctx, st.principal.Workspace, st.seen.Key, keys...)
	if err != nil || reached {
		return err
	}
	return st.catchUp(ctx, st.seen.Key, keys)
}

// catchUp reads what the hub no longer has, or tells that nobody has it.
func (st *stream[T]) catchUp(ctx context.Context, position string, keys []inbox.Key) error {
	found, err := st.r.CatchUp.Since(ctx, st.principal.Workspace, position, st.source.Start())
	switch {
	case errors.Is(err, inbox.ErrBadPosition):
		return badCursor("after is not a cursor. Pass a cursor exactly as the API gave it.")
	case err != nil:
		return err
	case found.Ahead != "":
		return st.waitFor(ctx, found.Ahead, keys)
	case found.Lost:
		st.giveUp(st.source.Start())
		return nil
	}
	st.missed, st.told = found.Missed, make(map[string]bool, len(found.Missed))
	for _, item := range found.Missed {
		st.told[item.Position] = true
	}
	return nil
}

// catchUpTime is how long this server's feed may take to come to where the
// client has been on another one.
const catchUpTime = 10 * time.Second

// waitFor begins anew once this server knows as much as the client: else it would
// tell again what the client was told.
func (st *stream[T]) waitFor(ctx context.Context, position string, keys []inbox.Key) (err error) {
	st.source.Leave()
	waiting, cancel := context.WithTimeoutCause(ctx, catchUpTime, comeBack{errBehind})
	defer cancel()
	if err := st.r.Hub.Await(waiting, position); err != nil {
		return err
	}
	reached := false
	st.source, st.missed, reached, err = st.r.Hub.SubscribeAfter(ctx, st.principal.Workspace, position, keys...)
	if err == nil && !reached {
		st.giveUp(st.source.Start())
	}
	return err
}

// errBehind is a server that hears of events later than others.
var errBehind error = &inbox.Error{Code: inbox.Unavailable, Message: "This server is behind. Subscribe again, after the last cursor that arrived."}

// giveUp tells a gap up to position instead of what was missed.
func (st *stream[T]) giveUp(position string) {
	st.missed, st.told = []*live.Item{{Position: position, Gap: true}}, nil
}

// start runs the stream, once it knows what to tell.
func (st *stream[T]) start(ctx context.Context) {
	st.part.tells(st.mark(st.position), st.source.Told())
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
			if st.part.ends() {
				return
			}
			if item, open = st.next(look.C); open && st.repeats(item) {
				continue
			}
		}
		if !open {
			st.end(ctx, st.source.Err())
			return
		}
		out, more, err := st.patiently(ctx, item, look.C)
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

// nextMissed gives what came while the client was away; nil when all of it was
// told.
func (st *stream[T]) nextMissed() (*live.Item, bool) {
	if len(st.missed) == 0 {
		return nil, false
	}
	item := st.missed[0]
	st.missed = st.missed[1:]
	return item, true
}

// repeats reports whether the source tells what was caught up with. Repeats come
// first, so the first other event ends the looking.
func (st *stream[T]) repeats(item *live.Item) bool {
	if st.told[item.Position] {
		return true
	}
	if item.Event.ID != "" {
		st.told = nil
	}
	return false
}

// next waits for an item, or makes one that asks to look at the rights again.
func (st *stream[T]) next(look <-chan time.Time) (*live.Item, bool) {
	select {
	case item, open := <-st.source.Items():
		if open {
			st.position = item.Position
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
		why = comeBack{why}
	}
	if ctx.Err() == nil {
		st.r.EndWithError(ctx, why)
	}
}

// comeBack is the end of a stream that goes on for whoever comes back to it: an
// error message would end it for good in most clients. B:V10.
type comeBack struct{ error }

// ComeBack says so to the transport.
func (comeBack) ComeBack() bool { return true }

// Unwrap returns why.
func (c comeBack) Unwrap() error { return c.error }

// patiently is step, again each second for as long as the database is away: an
// error would end the stream for good in most clients. What piles up meanwhile is
// bounded by the source.
func (st *stream[T]) patiently(ctx context.Context, item *live.Item, look <-chan time.Time) ([]T, bool, error) {
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
	return st.tell(ctx, s, item)
}

func (st *stream[T]) send(ctx context.Context, of *live.Item, items []T) bool {
	for _, item := range items {
		st.part.tells(st.mark(of.Position), of.Number)
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
