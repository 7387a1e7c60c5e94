package transport

import (
	"switchboard/transport/wsconn"

	"github.com/99designs/gqlgen/graphql"
)

// seat is the place of one operation in a group.
type seat struct {
	op     *operation
	shared Shared
	opCtx  *graphql.OperationContext

	// Guarded by the groups' lock.
	group *group
	place int
	left  bool

	// Guarded by the operation's lock. cursor is behind what the client was told.
	cursor string
	// live is false until the client was told what it missed; waiting is what the
	// group told meanwhile.
	live    bool
	waiting []told
	bytes   int
	// missed is what was replayed.
	missed *missed
}

// told is one item of a group.
type told struct {
	payload []byte
	place
}

// place is where an item stands in what is told.
type place struct {
	cursor string
	number uint64
}

// missed is what a replay told. What the group tells up to its beginning is in it,
// and what the group tells next may be in it.
type missed struct {
	until   uint64
	cursors map[string]bool
}

func (m *missed) has(item told) bool {
	return item.number <= m.until || item.cursor != "" && m.cursors[item.cursor]
}

// take seats the operation. It is false when the operation has ended.
func (st *seat) take() bool {
	st.op.mu.Lock()
	defer st.op.mu.Unlock()
	if st.op.ended {
		return false
	}
	st.op.seat, st.live = st, st.cursor == ""
	return true
}

// deliver hands over an item of the group, or keeps it until the replay is done.
func (st *seat) deliver(item told) {
	o := st.op
	o.mu.Lock()
	if o.seat != st || o.ended {
		o.mu.Unlock()
		return
	}
	if st.live {
		st.show(item)
		o.mu.Unlock()
		return
	}
	st.waiting = append(st.waiting, item)
	st.bytes += len(item.payload) + wsconn.FrameCost
	over := st.bytes > o.groups.limit || !o.held.Set(st.bytes)
	o.mu.Unlock()
	if over {
		o.line.comeBack()
	}
}

// show needs the operation's lock.
func (st *seat) show(item told) {
	if st.missed != nil {
		if st.missed.has(item) {
			return
		}
		st.missed = nil // repeats come first
	}
	st.hand(item)
}

// hand needs the operation's lock.
func (st *seat) hand(item told) {
	st.cursor = item.cursor
	st.op.line.send(st.op.frames.next(item.payload))
}

// replayed hands over an item that the client missed.
func (st *seat) replayed(item told) {
	st.op.mu.Lock()
	defer st.op.mu.Unlock()
	if st.op.seat == st && !st.op.ended {
		st.hand(item)
	}
}

// goLive hands over what waited, but for what was replayed.
func (st *seat) goLive(after *missed) {
	st.op.mu.Lock()
	defer st.op.mu.Unlock()
	if st.op.seat != st || st.op.ended {
		return
	}
	st.live, st.missed = true, after
	for _, item := range st.waiting {
		st.show(item)
	}
	st.waiting, st.bytes = nil, 0
	st.op.held.Set(0)
}

// getUp makes the operation go on without the group, behind what it was told: in
// another group when again is set and there is one for it, else alone.
func (st *seat) getUp(again bool) {
	o := st.op
	if !o.groups.leave(st) {
		return
	}
	o.mu.Lock()
	o.seat = nil
	roomy := o.ended || o.held.Rebase(o.tab.of.cost(st.opCtx))
	next := &seat{op: o, shared: st.shared, opCtx: st.opCtx, cursor: st.cursor}
	o.mu.Unlock()
	o.line.spawn(func() {
		switch {
		case !roomy || again && next.cursor == "":
			o.finish(outcome{comeBack: true}) // nobody knows where to go on
		case !again || !o.groups.join(next):
			next.alone()
		}
	})
}

func (st *seat) alone() {
	ctx := graphql.StartOperationTrace(st.op.ctx)
	if st.cursor != "" {
		ctx = st.shared.Resume(ctx, st.cursor)
	}
	st.op.alone(ctx, st.opCtx)
}
