package transport

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Shared is a subscription that can be executed once for all who would be told
// the same. It holds nothing of its caller: two with the same key and After stand for
// each other. A cursor is a place in what it tells; "" is none. Told must be called
// with the place at which an execution begins, and with that of each item before
// it is handed on: its cursor, and a number that grows with each item that this
// server is the first to tell. An item that an execution tells live has a higher
// number than the beginning of any that was begun before.
type Shared interface {
	// Key is equal for all callers who are told the same, byte for byte, by their
	// rights as they are now. It is comparable. It is not ok for a caller who must
	// be served alone, and for one who may not listen at all.
	Key(ctx context.Context) (key any, ok bool)
	// Version changes whenever Key may answer otherwise. It is cheap, comparable,
	// and asked with a context made by Group.
	Version(ctx context.Context) any
	// After is where this caller wants to go on.
	After() string
	// Group returns a context to execute the operation in for all with that key,
	// from now on: it stands for what they have in common, and for none of them.
	Group(ctx context.Context, key any, told Told) context.Context
	// Replay is Group for what came behind a cursor and until it begins, where it
	// completes. Asked is the context of a caller who waits for it.
	Replay(ctx, asked context.Context, key any, after string, told Told) context.Context
	// Resume makes the operation of one caller go on behind a cursor.
	Resume(ctx context.Context, after string) context.Context
}

// Told takes the place of what is told.
type Told = func(cursor string, number uint64)

// replaysAtOnce bounds the replays of one group that run; others wait for their
// turn. Groups do not wait for each other: one workspace's cursors must not hold up
// another's. It is more than one caller may have waiting for the database.
const replaysAtOnce = 64

// groups are all groups of a server.
type groups struct {
	share  func(ctx context.Context, operation *graphql.OperationContext) Shared
	limit  int // bytes that may wait for a member's replay
	active sync.WaitGroup

	mu    sync.Mutex // guards all groups' seats, cursors and replays
	byKey map[any]*group

	running, members   atomic.Int64
	joined, deliveries atomic.Uint64
}

func newGroups(share func(context.Context, *graphql.OperationContext) Shared, limit int) *groups {
	if share == nil {
		share = func(context.Context, *graphql.OperationContext) Shared { return nil }
	}
	return &groups{share: share, limit: limit, byKey: map[any]*group{}}
}

// admit puts an operation into a group. It is false for one that must run alone.
func (gs *groups) admit(o *operation, opCtx *graphql.OperationContext) bool {
	if opCtx.Operation.Operation != ast.Subscription {
		return false
	}
	shared := gs.share(o.ctx, opCtx)
	return shared != nil && gs.join(&seat{op: o, shared: shared, opCtx: opCtx, cursor: shared.After()})
}

// join gives st a place in the group of its key. With a cursor it is told first
// what came behind it: the group's frames wait until then, so none is missed.
func (gs *groups) join(st *seat) bool {
	key, ok := st.shared.Key(st.op.ctx)
	if !ok {
		return false
	}
	if !st.take() {
		return true // it has ended meanwhile
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if st.left {
		return true
	}
	g := gs.byKey[key]
	if g == nil {
		g = gs.open(key, st)
	} else {
		st.op.share()
	}
	st.group, st.place = g, len(g.seats)
	if st.shared.After() == g.shared.After() {
		st.shared, st.opCtx = g.shared, g.opCtx // the same, and kept once
	}
	g.seats = append(g.seats, st)
	gs.members.Add(1)
	if g.started {
		gs.joined.Add(1)
	}
	if st.live {
		st.cursor = g.cursor
	} else {
		g.queueReplay(st)
	}
	return true
}

// leave gives the place of st away; the last one to leave ends the group. It is
// false when it was given away before.
func (gs *groups) leave(st *seat) bool {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if st.left {
		return false
	}
	st.left = true
	g := st.group
	if g == nil {
		return true // it was about to join
	}
	last := len(g.seats) - 1
	g.seats[st.place], g.seats[last].place = g.seats[last], st.place
	g.seats[last] = nil
	g.seats = g.seats[:last]
	gs.members.Add(-1)
	if last == 0 {
		g.close()
	}
	return true
}

// count returns how many groups there are. It does not wait for anybody.
func (gs *groups) count() int { return int(gs.running.Load()) }

// wait returns when all groups have ended, or ctx has.
func (gs *groups) wait(ctx context.Context) error {
	gone := make(chan struct{})
	go func() { gs.active.Wait(); close(gone) }()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
