package fanout

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Shared is a subscription that can be executed once for all callers who may receive
// the same items. It holds nothing of its caller: two with the same key and the same
// After stand for each other.
//
// A cursor names a position in the subscription; "" is none. A number counts the items
// that this server has published: an item that an execution delivers live has a higher
// number than the beginning of any execution that began before, and number 0 if no
// replay ever contains it.
type Shared interface {
	// Key is equal for all callers who receive the same items, byte for byte, by
	// their rights as they are now. It is comparable. It is not ok for a caller who
	// must be served alone, and for one who may not subscribe at all. An error says that
	// nobody knows the rights now, of this caller and all others in the group, which passes.
	Key(ctx context.Context) (key any, ok bool, err error)
	// Version changes whenever Key may answer otherwise. It is cheap, comparable,
	// and called with a context made by Group.
	Version(ctx context.Context) any
	// Watch calls look whenever Key may answer otherwise without an item, until ctx ends.
	// It is called with a context made by Group.
	Watch(ctx context.Context, look func())
	// After returns the cursor that this caller wants to go on behind.
	After() string
	// Group returns a context to execute the operation in for all callers with that
	// key, from now on: it stands for what they have in common, and for none of them.
	// The execution calls begun once, from the resolver, with its beginning, and among
	// for an item that is not the same for all of them.
	Group(ctx context.Context, key any, begun Begun, among Among) context.Context
	// Replay is Group for the items behind a cursor, up to the beginning of the
	// execution, where it completes. Asked is the context of a caller who waits for it.
	Replay(ctx, asked context.Context, key any, after string, begun Begun, among Among) context.Context
	// Position takes out of a response the position of the item that it shows, and
	// which of the listeners of among receive it; nil for all members. It is
	// not ok for a response that shows no item; such a response has no position.
	Position(resp *graphql.Response) (cursor string, number uint64, to []int, ok bool)
	// State is what a response shows, and in which state: a higher revision is a newer one.
	// It is empty for a response that shows nothing that has states. It is called before
	// Position.
	State(resp *graphql.Response) (of string, revision int)
	// Resume makes the operation of one caller go on behind a cursor.
	Resume(ctx context.Context, after string) context.Context
}

// Begun receives the position at which an execution begins: everything behind it is
// delivered.
type Begun = func(cursor string, number uint64)

// Among is how an execution tells an item that is not the same for all members of a group. The
// execution calls it once for the item at a cursor. It calls tell with the contexts of all
// members; tell divides them into parts, and yields the item once for each part. Position then
// names the members of the part by their places in that list. A member who joins later begins
// behind the item, and one who is in no part leaves the group.
type Among = func(cursor string, tell func(listeners []context.Context) error) error

// Client is the operation of one client, as a group serves it. Its methods may be
// called from any goroutine, and none of them waits for the client.
type Client interface {
	// Context is that of the caller; it ends with the operation.
	Context() context.Context
	// Executor executes the operation.
	Executor() graphql.GraphExecutor
	// Attach keeps m, to leave its group when the operation ends. It returns false
	// when the operation has ended already.
	Attach(m *Member) bool
	// Detach forgets the member, and counts the operation as one that is executed
	// alone. It returns false when the caller has no room for that.
	Detach(opCtx *graphql.OperationContext) bool
	// Share counts the operation as one that is served by the execution of another, and
	// Bear as the one that bears the execution of its group. Bear returns false, and
	// changes nothing, when the caller has no room for that.
	Share()
	Bear(opCtx *graphql.OperationContext) bool
	// Deliver sends an encoded response, unless the operation has ended.
	Deliver(payload []byte)
	// Wait counts the bytes that wait for the operation's replay. It returns false
	// when the caller has no room for them.
	Wait(bytes int) bool
	// ComeBack ends the connection so that the client connects again and resumes.
	ComeBack()
	// Go runs f in a goroutine that the connection waits for. It returns false, and
	// does not run f, when the connection has ended.
	Go(f func()) bool
	// Alone executes the operation for this client only, and returns at its end.
	Alone(ctx context.Context, opCtx *graphql.OperationContext)
}

// replaysAtOnce bounds the replays of one group that run; others wait for their
// turn. Groups do not wait for each other: one workspace's cursors must not hold up
// another's. It is more than one caller may have waiting for the database.
const replaysAtOnce = 64

// Groups are all groups of a server. They are safe for concurrent use.
type Groups struct {
	share  func(ctx context.Context, operation *graphql.OperationContext) Shared
	limit  int // bytes that may wait for a member's replay
	active sync.WaitGroup

	mu    sync.Mutex // guards the members, cursors and replays of all groups
	byKey map[any]*group

	running, members   atomic.Int64
	beginning          atomic.Int64
	joined, deliveries atomic.Uint64
}

// New returns no groups yet. Share returns how an operation can be shared, nil for not
// at all; limit is how many bytes may wait for the replay of one member.
func New(share func(context.Context, *graphql.OperationContext) Shared, limit int) *Groups {
	if share == nil {
		share = func(context.Context, *graphql.OperationContext) Shared { return nil }
	}
	return &Groups{share: share, limit: limit, byKey: map[any]*group{}}
}

// Admit makes the client a member of a group. It returns false for an operation that
// must be executed alone.
func (gs *Groups) Admit(c Client, opCtx *graphql.OperationContext) bool {
	if opCtx.Operation.Operation != ast.Subscription {
		return false
	}
	shared := gs.share(c.Context(), opCtx)
	return shared != nil && gs.join(&Member{groups: gs, client: c, shared: shared, opCtx: opCtx, cursor: shared.After()})
}

// join makes m a member of the group of its key. With a cursor it receives first what
// came behind that: the group's items wait until then, so none is missed.
func (gs *Groups) join(m *Member) bool {
	key, ok, err := m.shared.Key(m.client.Context())
	if !ok || err != nil {
		return false
	}
	m.live = m.cursor == ""
	if !m.client.Attach(m) {
		return true // it has ended meanwhile
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if m.left {
		return true
	}
	g := gs.byKey[key]
	if g == nil {
		g = gs.open(key, m)
		g.bearer = m
	} else {
		m.client.Share()
	}
	m.group, m.index = g, len(g.members)
	if m.shared.After() == g.shared.After() {
		m.shared, m.opCtx = g.shared, g.opCtx // the same, and kept once
	}
	g.members = append(g.members, m)
	gs.members.Add(1)
	if g.started {
		gs.joined.Add(1)
	}
	if m.cursor == "" {
		m.begin(g.cursor)
	} else {
		g.queueReplay(m)
	}
	return true
}

// leave takes m out of its group; the last member to leave ends the group. It returns
// false when m has left before. Nothing is delivered to m afterwards.
func (gs *Groups) leave(m *Member) bool {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if m.left {
		return false
	}
	m.left = true
	m.end()
	g := m.group
	if g == nil {
		return true // it was about to join
	}
	last := len(g.members) - 1
	g.members[m.index], g.members[last].index = g.members[last], m.index
	g.members[last] = nil
	g.members = g.members[:last]
	gs.members.Add(-1)
	switch {
	case last == 0:
		g.close()
	case g.bearer == m:
		g.handOver()
	}
	return true
}

// Count returns how many groups there are. It never waits.
func (gs *Groups) Count() int { return int(gs.running.Load()) }

// Begin counts an execution that is for one client only as one whose resolver has not been
// called yet, until begun is called, at least once.
func (gs *Groups) Begin() (begun func()) {
	gs.beginning.Add(1)
	return sync.OnceFunc(func() { gs.beginning.Add(-1) })
}

// Beginning returns how many groups, and executions for one client, there are whose resolver
// has not been called yet. It never waits.
func (gs *Groups) Beginning() int { return int(gs.beginning.Load()) }

// Members returns how many clients are members of a group now. It never waits.
func (gs *Groups) Members() int { return int(gs.members.Load()) }

// Joined returns how many clients ever were members. It never waits.
func (gs *Groups) Joined() uint64 { return gs.joined.Load() }

// Deliveries returns how many items were delivered to members. It never waits.
func (gs *Groups) Deliveries() uint64 { return gs.deliveries.Load() }

// Wait returns when all groups have ended, or with the error of ctx.
func (gs *Groups) Wait(ctx context.Context) error {
	gone := make(chan struct{})
	go func() { gs.active.Wait(); close(gone) }()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
