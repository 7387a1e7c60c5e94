package feed

import (
	"sync"
	"sync/atomic"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

const (
	// defaultBuffer holds a bulk verb of half its greatest size while a reader
	// waits for the processor.
	defaultBuffer           = 256
	defaultMaxSubscriptions = 50_000
	// defaultRing reaches back over some minutes of a busy installation; an event
	// takes a few kilobytes.
	defaultRing = 4_096
)

// Hub hands each event to the subscriptions of its workspace. It is safe for
// concurrent use. The zero value is not ready: use NewHub.
type Hub struct {
	buffer int
	most   int
	// Rechecks ask those who listen to look at their rights again.
	Rechecks Rechecks
	// checkpoints has a lock of its own, which is taken last.
	checkpoints *checkpoints

	// mu guards all below and the fields of every subscription. Sends happen
	// under it, but only such that cannot block. One lock for all workspaces is
	// enough, because one goroutine publishes.
	mu        sync.Mutex
	topics    map[workspace.WorkspaceID]*topic
	sequences uint64 // the number of the last item
	// Figures are written under mu, and read without it: a probe never waits for
	// what the hub is doing.
	count, kept  atomic.Int64
	joined, slow atomic.Uint64
	gaps         atomic.Uint64 // how often the feed began anew
	// position is written under mu, and read without it by every answer.
	position atomic.Pointer[string]
	ring     *ring
	closed   bool
	// awaited are positions that somebody waits for the feed to come to.
	awaited map[string]chan struct{}
}

// HubOption changes a Hub that is being made.
type HubOption func(*Hub)

// WithBuffer sets how many items a subscription may be behind before it is
// ended with ErrSlow. At least one is; the default is 256.
func WithBuffer(items int) HubOption { return func(h *Hub) { h.buffer = max(1, items) } }

// WithMaxSubscriptions bounds the subscriptions of all workspaces together.
// The default is 50,000.
func WithMaxSubscriptions(most int) HubOption { return func(h *Hub) { h.most = most } }

// WithRing sets how many of the newest items are kept for listeners that come
// back. The default is 4,096.
func WithRing(items int) HubOption { return func(h *Hub) { h.ring = newRing(items) } }

// NewHub makes a hub without subscriptions.
func NewHub(options ...HubOption) *Hub {
	h := &Hub{
		buffer: defaultBuffer, most: defaultMaxSubscriptions, topics: map[workspace.WorkspaceID]*topic{},
		ring: newRing(defaultRing), awaited: map[string]chan struct{}{}, checkpoints: newCheckpoints(),
	}
	h.Rechecks.told = h.recheck
	for _, option := range options {
		option(h)
	}
	return h
}

// recheck wakes everybody who listens.
func (h *Hub) recheck() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.topics {
		t.each(func(s *Subscription) { s.told.ring() })
	}
}

// Publish hands item to every subscription of its workspace and never waits
// for one. Call it in feed order. After Close it does nothing.
func (h *Hub) Publish(item port.FeedItem) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sequences++
	told := itemOf(item, h.sequences)
	gone := h.ring.add(item.Event.Workspace, told, h.Position())
	h.kept.Store(int64(h.ring.count))
	h.moved(item.Position)
	h.checkpoints.add(item.Event.Workspace, told, gone)
	if t := h.topics[item.Event.Workspace]; t != nil {
		if item.Event.Type != inbox.StarEvent { // which only its member hears of
			t.sequence = h.sequences
		}
		t.concerned(told, func(s *Subscription) { h.deliver(s, told) })
	}
}

// Move says that the feed stands at position now, where nothing came that
// anybody is told. It keeps the position of an idle server from growing old.
func (h *Hub) Move(position string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.Position()
	if position == "" || position == before {
		return
	}
	if before != "" {
		h.ring.start(before)
	}
	h.moved(position)
	h.checkpoints.move(position)
}

// moved needs mu.
func (h *Hub) moved(position string) {
	h.position.Store(&position)
	h.arrive(position)
}

// Gap tells every subscription of every workspace that events were lost, and
// that the feed goes on at position.
func (h *Hub) Gap(position string) {
	h.begin(position, nil)
}

// begin is Gap with the items before position, for subscribers that resume; nil for
// none.
func (h *Hub) begin(position string, before *ring) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.position.Store(&position)
	h.gaps.Add(1)
	h.ring.clear()
	if before != nil {
		h.ring = before
	}
	h.checkpoints.begin(position)
	h.kept.Store(int64(h.ring.count))
	for awaited := range h.awaited { // may be across the gap
		h.arrive(awaited)
	}
	h.sequences++
	gap := &Item{Position: position, Gap: true, Reason: GapHistoryLost, Number: h.sequences}
	for _, t := range h.topics {
		t.each(func(s *Subscription) { h.deliver(s, gap) })
	}
}

// Close ends all subscriptions with ErrClosed and refuses new ones. What was
// published before can still be read from them. Closing twice is harmless.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, t := range h.topics {
		t.each(func(s *Subscription) { h.end(s, ErrClosed) })
	}
}

// Subscriptions is how many there are now. It never waits.
func (h *Hub) Subscriptions() int { return int(h.count.Load()) }

// Position is where the feed of all workspaces stands. It is empty when the feed
// has named no place yet. What a listener is handed is a Standing.
func (h *Hub) Position() string {
	if at := h.position.Load(); at != nil {
		return *at
	}
	return ""
}

// Joined is how many there ever were. It never waits.
func (h *Hub) Joined() uint64 { return h.joined.Load() }

// Slow is how many subscriptions were ended with ErrSlow so far. It never waits.
func (h *Hub) Slow() uint64 { return h.slow.Load() }

// Kept is how many of the newest items can be told to listeners who come back. It
// never waits.
func (h *Hub) Kept() int { return int(h.kept.Load()) }

// ringSize is how many items are kept at most.
func (h *Hub) ringSize() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.ring.items)
}

// deliver needs mu.
func (h *Hub) deliver(s *Subscription, item *Item) {
	if !s.told.put(item, h.buffer) {
		h.slow.Add(1)
		h.end(s, ErrSlow)
	}
}

// end needs mu. Only the first reason counts.
func (h *Hub) end(s *Subscription, why error) {
	if s.err != nil {
		return
	}
	s.err = why
	s.release()
	s.told.end()
	h.count.Add(-1)
	t := h.topics[s.workspace]
	t.remove(s)
	if t.empty() {
		delete(h.topics, s.workspace)
	}
}
