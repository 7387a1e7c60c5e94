package fanout

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/transport/exec"
)

// group executes one subscription for all its members, in a context that is none
// of theirs, and encodes each item once.
type group struct {
	all    *Groups
	key    any
	shared Shared
	exec   graphql.GraphExecutor
	opCtx  *graphql.OperationContext
	ctx    context.Context
	cancel context.CancelFunc
	ready  chan struct{} // closed when nothing that happens from then on is missed
	start  string        // cursor of the beginning; only run and what it calls use it
	parts  []*Member     // who has yet to receive the item that is told in parts; only run uses it
	turns  chan struct{} // of replays

	// Guarded by the lock of Groups.
	members []*Member
	bearer  *Member // whose client is counted as the one with the execution
	cursor  string  // behind the last item that was delivered
	started bool    // whether the resolver was called
	begun   bool    // whether any item was delivered since
	replays map[string][]*Member

	// turn is held for one broadcast or one look at the rights.
	turn      sync.Mutex
	version   any
	receivers []*Member
}

// item is one encoded response of a group.
type item struct {
	payload []byte
	// cursor and number are where the item stands. Without placed they are zero: the
	// response shows no item, and moves nobody's position.
	cursor string
	number uint64
	placed bool
	// to are the places of those who receive it among all to whom the item is told in
	// parts; nil for an item that is the same for all.
	to []int
	// of is what the item shows, in the state of a revision; empty for nothing.
	of       string
	revision int
}

// takenFrom takes the receivers of an item that is told in parts out of all, and returns them
// in the memory of into.
func (i item) takenFrom(all, into []*Member) []*Member {
	into = into[:0]
	for _, at := range i.to {
		into = append(into, all[at])
		all[at] = nil
	}
	return into
}

// itemOf encodes a response and takes its position out first.
func itemOf(shared Shared, resp *graphql.Response) (out item) {
	out.of, out.revision = shared.State(resp)
	out.cursor, out.number, out.to, out.placed = shared.Position(resp)
	out.payload = exec.AppendResponse(nil, resp) // copies: generated code reuses the buffer of resp.Data
	return out
}

// open starts a group for a first member. It needs the lock of Groups.
func (gs *Groups) open(key any, first *Member) *group {
	g := &group{
		all: gs, key: key, shared: first.shared, exec: first.client.Executor(), opCtx: first.opCtx,
		ready: make(chan struct{}), replays: map[string][]*Member{}, turns: make(chan struct{}, replaysAtOnce),
	}
	g.ctx, g.cancel = context.WithCancel(graphql.StartOperationTrace(context.Background()))
	g.ctx = first.shared.Group(g.ctx, key, func(cursor string, _ uint64) { g.start = cursor }, g.among)
	gs.byKey[key] = g
	gs.running.Store(int64(len(gs.byKey)))
	gs.beginning.Add(1)
	gs.active.Go(g.run)
	return g
}

// close ends the group for those who are not in it yet. It needs the lock of Groups.
func (g *group) close() {
	if g.all.byKey[g.key] == g {
		delete(g.all.byKey, g.key)
		g.all.running.Store(int64(len(g.all.byKey)))
	}
	g.cancel()
}

// handOver counts the execution for a member that has room for it. It needs the lock of
// Groups.
func (g *group) handOver() {
	for _, m := range g.members {
		if g.bearer = m; m.client.Bear(g.opCtx) {
			return
		}
	}
}

func (g *group) run() {
	g.all.active.Go(func() { g.shared.Watch(g.ctx, g.recheck) })
	begun := sync.OnceFunc(g.begin)
	exec.Run(g.ctx, g.exec, g.opCtx, begun, func(resp *graphql.Response) bool {
		g.broadcast(itemOf(g.shared, resp))
		return true
	})
	begun()
	g.dissolve()
}

// recheck looks at the keys of all members.
func (g *group) recheck() {
	g.turn.Lock()
	defer g.turn.Unlock()
	g.look(true)
}

// begin is called when the resolver has been called.
func (g *group) begin() {
	g.all.mu.Lock()
	g.cursor, g.started = g.start, true
	g.all.joined.Add(uint64(len(g.members)))
	for _, m := range g.members {
		m.begin(g.start)
	}
	g.all.mu.Unlock()
	g.all.beginning.Add(-1)
	close(g.ready)
}

// broadcast delivers an item to every member who may still receive it.
func (g *group) broadcast(one item) {
	g.turn.Lock()
	defer g.turn.Unlock()
	g.look(false)
	if one.to == nil {
		g.receivers = g.reached(one.cursor, one.placed, g.receivers)
	} else {
		g.receivers = one.takenFrom(g.parts, g.receivers)
	}
	defer clear(g.receivers)
	for _, m := range g.receivers {
		m.deliver(one)
	}
	g.all.deliveries.Add(uint64(len(g.receivers)))
}

// reached moves the group behind an item, if it is placed, and returns who is a member then,
// in the memory of into.
func (g *group) reached(cursor string, placed bool, into []*Member) []*Member {
	g.all.mu.Lock()
	defer g.all.mu.Unlock()
	if placed {
		g.cursor = cursor
	}
	g.begun = true
	return append(into[:0], g.members...)
}

// among implements Among for all members, who are then those that broadcast finds by their
// places.
func (g *group) among(cursor string, tell func([]context.Context) error) error {
	g.turn.Lock()
	g.look(false)
	g.parts = g.reached(cursor, true, g.parts)
	g.turn.Unlock()
	return tellAll(g.parts, tell)
}

// tellAll calls tell, which takes out the members whom it tells something. Whoever is left
// did not receive the item, and goes on without the group.
func tellAll(members []*Member, tell func([]context.Context) error) error {
	defer clear(members)
	err := tell(contexts(members))
	for _, m := range members {
		if m != nil && err == nil {
			m.move(true)
		}
	}
	return err
}

// contexts are those of the members' clients.
func contexts(members []*Member) []context.Context {
	out := make([]context.Context, len(members))
	for i, m := range members {
		out[i] = m.client.Context()
	}
	return out
}

// look asks for the key of every member again, if it may have changed, and moves the
// members whose key is another now. While nobody knows the rights all stay: the execution
// waits for them too, and alone they would have to end. It needs the turn.
func (g *group) look(always bool) {
	version := g.shared.Version(g.ctx)
	if version == g.version && !always {
		return
	}
	g.version = version
	g.all.mu.Lock()
	g.receivers = append(g.receivers[:0], g.members...)
	g.all.mu.Unlock()
	defer clear(g.receivers)
	for _, m := range g.receivers {
		switch key, ok, err := m.shared.Key(m.client.Context()); {
		case err != nil:
			g.version = nil
			return
		case !ok || key != g.key:
			m.move(true)
		}
	}
}

// dissolve lets all members go on without the group, whose execution has ended. One
// that never delivered anything would end in the same way again.
func (g *group) dissolve() {
	g.all.mu.Lock()
	g.close()
	left, again := append([]*Member(nil), g.members...), g.begun
	g.all.mu.Unlock()
	for _, m := range left {
		m.move(again)
	}
}
