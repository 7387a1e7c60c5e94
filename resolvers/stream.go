package resolvers

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/live"
)

// stream is one running subscription. Rights are asked again for every item,
// with the directory as it is then. B:Z4.
type stream[T any] struct {
	r         *Resolver
	principal inbox.Principal
	source    *live.Subscription
	out       chan T
	cursors   list
	position  string // behind the last item
	// tell turns an item into what the client gets; more is false to end.
	tell func(ctx context.Context, s *scope, item *live.Item) (out []T, more bool, err error)
}

// open subscribes to the caller's workspace before anything is read, so that
// no change falls between.
func open[T any](ctx context.Context, r *Resolver) (*stream[T], *scope, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, nil, err
	}
	source, err := r.Hub.Subscribe(ctx, p.Workspace)
	if err != nil {
		return nil, nil, err
	}
	s, err := newScope(ctx, r.Inbox, p)
	return &stream[T]{r: r, principal: p, source: source, out: make(chan T), cursors: listOf("live", p.Workspace), position: source.Start()}, s, err
}

// run sends until the source or the client ends. It owns the channel.
func (st *stream[T]) run(ctx context.Context, first ...T) {
	defer close(st.out)
	if !st.send(ctx, first) {
		return
	}
	look := time.NewTicker(recheck)
	defer look.Stop()
	for {
		item, open := st.next(look.C)
		if !open {
			st.end(ctx, st.source.Err())
			return
		}
		out, more, err := st.patiently(ctx, item, look.C)
		if err != nil {
			st.end(ctx, err)
			return
		}
		if !st.send(ctx, out) || !more {
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
			st.position = item.Position
		}
		return item, open
	case <-look:
		return &live.Item{Position: st.position, Event: inbox.Event{Type: inbox.DirectoryEvent}}, true
	}
}

// end tells a client that is still there why the stream ends.
func (st *stream[T]) end(ctx context.Context, why error) {
	if ctx.Err() == nil {
		st.r.EndWithError(ctx, why)
	}
}

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

func (st *stream[T]) send(ctx context.Context, items []T) bool {
	for _, item := range items {
		select {
		case st.out <- item:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// cursor makes the cursor right behind an item, bound to the workspace.
func (st *stream[T]) cursor(position string) string { return st.cursors.cursor(position, "live") }

// before is the conversation as it was before e.
func before(e inbox.Event) inbox.Conversation {
	c := *e.After
	c.Ownership = e.From
	return c
}
