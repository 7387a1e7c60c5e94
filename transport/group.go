package transport

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// recheck is how often the rights of members are looked at without any event.
const recheck = time.Second

// group executes one subscription for all its members, in a context that is none
// of theirs, and encodes each item once.
type group struct {
	all    *groups
	key    any
	shared Shared
	exec   graphql.GraphExecutor
	opCtx  *graphql.OperationContext
	ctx    context.Context
	cancel context.CancelFunc
	ready  chan struct{} // closed when nothing that happens from then on is missed
	told   places
	turns  chan struct{} // of replays

	// Guarded by the groups' lock.
	seats   []*seat
	cursor  string // behind what was told
	started bool   // whether the resolver was called
	begun   bool   // whether anything was told since
	replays map[string][]*seat

	// turn is for one broadcast or one look at the rights.
	turn    sync.Mutex
	version any
	hearing []*seat
}

// open starts a group for a first member. It needs the groups' lock.
func (gs *groups) open(key any, first *seat) *group {
	g := &group{
		all: gs, key: key, shared: first.shared, exec: first.op.exec, opCtx: first.opCtx,
		ready: make(chan struct{}), replays: map[string][]*seat{}, turns: make(chan struct{}, replaysAtOnce),
	}
	g.ctx, g.cancel = context.WithCancel(graphql.StartOperationTrace(context.Background()))
	g.ctx = first.shared.Group(g.ctx, key, g.told.push)
	gs.byKey[key] = g
	gs.running.Store(int64(len(gs.byKey)))
	gs.active.Go(g.run)
	return g
}

// close ends the group for those who are not in it yet. It needs the groups' lock.
func (g *group) close() {
	if g.all.byKey[g.key] == g {
		delete(g.all.byKey, g.key)
		g.all.running.Store(int64(len(g.all.byKey)))
	}
	g.cancel()
}

func (g *group) run() {
	looking := every(recheck, func() bool {
		g.turn.Lock()
		defer g.turn.Unlock()
		g.look(true)
		return g.ctx.Err() == nil
	})
	begun := sync.OnceFunc(g.begin)
	perform(g.ctx, g.exec, g.opCtx, begun, func(payload []byte) bool {
		g.broadcast(told{payload: payload, place: g.told.pop()})
		return true
	})
	begun()
	g.dissolve()
	looking.Stop()
}

// begin is when the resolver has been called.
func (g *group) begin() {
	start := g.told.pop().cursor
	g.all.mu.Lock()
	g.cursor, g.started = start, true
	g.all.joined.Add(uint64(len(g.seats)))
	for _, st := range g.seats {
		st.op.mu.Lock()
		if st.live {
			st.cursor = start
		}
		st.op.mu.Unlock()
	}
	g.all.mu.Unlock()
	close(g.ready)
}

// broadcast hands an item to every member who may still have it.
func (g *group) broadcast(item told) {
	g.turn.Lock()
	defer g.turn.Unlock()
	g.look(false)
	g.all.mu.Lock()
	g.cursor, g.begun = item.cursor, true
	g.hearing = append(g.hearing[:0], g.seats...)
	g.all.mu.Unlock()
	for _, st := range g.hearing {
		st.deliver(item)
	}
	g.all.deliveries.Add(uint64(len(g.hearing)))
	clear(g.hearing)
}

// look asks for every member's key again, if it may have changed, and moves those
// whose key is another now. It needs the turn.
func (g *group) look(always bool) {
	version := g.shared.Version(g.ctx)
	if version == g.version && !always {
		return
	}
	g.version = version
	g.all.mu.Lock()
	g.hearing = append(g.hearing[:0], g.seats...)
	g.all.mu.Unlock()
	for _, st := range g.hearing {
		if key, ok := st.shared.Key(st.op.ctx); !ok || key != g.key {
			st.getUp(true)
		}
	}
	clear(g.hearing)
}

// dissolve lets all members go on without the group, which could not go on. One
// that never told anything would do so again.
func (g *group) dissolve() {
	g.all.mu.Lock()
	g.close()
	left, again := append([]*seat(nil), g.seats...), g.begun
	g.all.mu.Unlock()
	for _, st := range left {
		st.getUp(again)
	}
}

// places are those of items that are on their way.
type places struct {
	mu    sync.Mutex
	queue []place
}

func (p *places) push(cursor string, number uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, place{cursor, number})
}

// pop is nowhere when there is none.
func (p *places) pop() (first place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) > 0 {
		first, p.queue = p.queue[0], p.queue[1:]
	}
	return first
}
