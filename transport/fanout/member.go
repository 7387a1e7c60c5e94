package fanout

import (
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// itemCost is how many bytes a waiting item takes beside its payload.
const itemCost = 64

// Member is one client in a group, or on its way into one. Its methods are for the
// client's operation.
type Member struct {
	groups *Groups
	client Client
	shared Shared
	opCtx  *graphql.OperationContext

	// Guarded by the lock of Groups.
	group *group
	index int // in the members of the group
	left  bool

	// mu is taken behind the lock of Groups, and held while an item is delivered.
	mu sync.Mutex
	// gone says that the member has left: nothing is delivered any more.
	gone bool
	// cursor is behind the last item that the client received.
	cursor string
	// live is false until the client received what it missed; waiting are the items
	// of the group that came meanwhile, and bytes what they take.
	live    bool
	waiting []item
	bytes   int
	// until is the number at which the member's replay began: the replay delivered
	// every item of the group up to that, and none behind it.
	until uint64
	// shown is what the replay showed, while the group may deliver what it made before.
	shown states
}

// Leave takes the member out of its group. It may be called twice.
func (m *Member) Leave() { m.groups.leave(m) }

// begin says where the group begins, to a member without a cursor of its own.
func (m *Member) begin(cursor string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.live {
		m.cursor = cursor
	}
}

// end lets nothing more be delivered.
func (m *Member) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gone, m.waiting = true, nil
}

// deliver delivers an item of the group, or keeps it until the replay is done.
func (m *Member) deliver(one item) {
	m.mu.Lock()
	if m.gone || m.live {
		fresh := m.show(one)
		m.shown = nil // the group makes the next one later than the replay was made
		m.mu.Unlock()
		if !fresh {
			m.move(true)
		}
		return
	}
	m.waiting = append(m.waiting, one)
	m.bytes += len(one.payload) + itemCost
	over := m.bytes > m.groups.limit || !m.client.Wait(m.bytes)
	m.mu.Unlock()
	if over {
		m.client.ComeBack()
	}
}

// show delivers an item of the group, unless the replay delivered it. It delivers nothing and
// is not fresh if the replay showed a newer state. It needs mu.
func (m *Member) show(one item) (fresh bool) {
	switch {
	case one.number != 0 && one.number <= m.until:
	case m.shown.newer(one):
		return false
	default:
		m.send(one)
	}
	return true
}

// send needs mu.
func (m *Member) send(one item) {
	if m.gone {
		return
	}
	if one.placed {
		m.cursor = one.cursor
	}
	m.client.Deliver(one.payload)
}

// replayed delivers an item that the client missed.
func (m *Member) replayed(one item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.send(one)
}

// goLive delivers the items that waited, after a replay that began at a number. A client that
// would go back to an older state than the replay showed comes into the group anew, with a
// replay that has what waited.
func (m *Member) goLive(until uint64, shown states) {
	if !m.showWaiting(until, shown) {
		m.move(true)
	}
}

func (m *Member) showWaiting(until uint64, shown states) (fresh bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gone {
		return true
	}
	m.live, m.until, m.shown, fresh = true, until, shown, true
	for _, one := range m.waiting {
		if fresh = m.show(one); !fresh {
			break
		}
	}
	m.waiting, m.bytes = nil, 0
	m.client.Wait(0)
	return fresh
}

// move makes the operation go on without the group, behind the last item that the
// client received: in another group when again is set and there is one for it, else
// alone.
func (m *Member) move(again bool) {
	if !m.groups.leave(m) {
		return
	}
	m.mu.Lock()
	next := &Member{groups: m.groups, client: m.client, shared: m.shared, opCtx: m.opCtx, cursor: m.cursor}
	m.mu.Unlock()
	roomy := m.client.Detach(m.opCtx)
	m.client.Go(func() {
		switch {
		case !roomy || again && next.cursor == "":
			m.client.ComeBack() // nobody knows where to go on
		case !again || !m.groups.join(next):
			next.alone()
		}
	})
}

func (m *Member) alone() {
	ctx := graphql.StartOperationTrace(m.client.Context())
	if m.cursor != "" {
		ctx = m.shared.Resume(ctx, m.cursor)
	}
	m.client.Alone(ctx, m.opCtx)
}
