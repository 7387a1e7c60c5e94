package feed

import (
	"context"
	"iter"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Subscription is what one listener reads.
type Subscription struct {
	hub       *Hub
	workspace workspace.WorkspaceID
	told      queue
	start     Checkpoint
	sequence  uint64
	// ready is what Ready returned; nil if nobody asked.
	ready chan struct{}
	// release stops watching the context.
	release func() bool
	// Guarded by the hub's lock: err is why the subscription ended; place is the
	// index in the topic; wants are the keys that it is filed under, each with the
	// index there, and nil for everything, at the index at; round is the last
	// item's.
	err        error
	index, at  int
	facets     map[access.Facet]int
	generation uint64
}

// Subscribe listens to the events of ws that are published from the moment it
// returns, until ctx ends. With keys, of the events of conversations only those
// are told before or after which the conversation has one of them; others cost
// nothing. Errors: ErrFull, ErrClosed, the cause of a ctx that has ended already.
func (h *Hub) Subscribe(ctx context.Context, ws workspace.WorkspaceID, keys ...access.Facet) (*Subscription, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.admit(ctx, ws, keys)
}

// Resubscribe makes the subscription hear of other keys from now on, drops what it
// was told and has not read, and gives where the workspace's part of the feed
// stands at that moment, with the number of its last item, 0 for none since
// somebody listens. Whoever keeps a state has to read it anew. It is for the one
// who reads Items.
func (s *Subscription) Resubscribe(keys ...access.Facet) (at Checkpoint, last uint64) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.err == nil {
		t := h.topics[s.workspace]
		last = t.sequence
		t.removeFacets(s)
		t.addFacets(s, keys)
	}
	s.told.drop()
	return h.checkpoints.of(s.workspace), last
}

// SubscribeAfter is Subscribe for a listener that comes back: missed are the
// items of ws between position and the ones that the subscription will tell,
// none left out and none twice. Reached is false when that can no longer be
// said, which is a gap. Among the missed are also items without any of the keys.
func (h *Hub) SubscribeAfter(ctx context.Context, ws workspace.WorkspaceID, position string, keys ...access.Facet) (s *Subscription, missed []*Item, reached bool, err error) {
	if ctx.Err() != nil {
		return nil, nil, false, context.Cause(ctx)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, err = h.admit(ctx, ws, keys); err != nil {
		return nil, nil, false, err
	}
	at := bare(position)
	if at == h.Position() || at == s.Start() {
		return s, nil, true, nil
	}
	missed, reached = h.ring.since(ws, at)
	return s, missed, reached, nil
}

// admit needs the hub's lock.
func (h *Hub) admit(ctx context.Context, ws workspace.WorkspaceID, keys []access.Facet) (*Subscription, error) {
	switch {
	case h.closed:
		return nil, ErrClosed
	case int(h.count.Load()) >= h.most:
		return nil, ErrFull
	}
	return h.join(ctx, ws, keys), nil
}

// join needs the hub's lock.
func (h *Hub) join(ctx context.Context, ws workspace.WorkspaceID, keys []access.Facet) *Subscription {
	s := &Subscription{hub: h, workspace: ws, start: h.checkpoints.of(ws), sequence: h.sequences}
	s.release = context.AfterFunc(ctx, func() { s.cancel(context.Cause(ctx)) })
	t := h.topics[ws]
	if t == nil {
		t = newTopic()
		h.topics[ws] = t
	}
	t.add(s, keys)
	h.count.Add(1)
	h.joined.Add(1)
	return s
}

// Leave ends the subscription before its context does.
func (s *Subscription) Leave() { s.cancel(context.Canceled) }

func (s *Subscription) cancel(why error) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.end(s, why)
}

// TryNext returns the next of what is told, in feed order, without waiting; nil if there
// is none now. It is not open when the subscription has ended; what was told before can
// still be read, and is complete up to there. One goroutine reads at a time.
func (s *Subscription) TryNext() (item *Item, open bool) { return s.told.take() }

// Empty reads all that is there, for those who want to know no more than that something
// happened: heard says so. It is not open when the subscription has ended.
func (s *Subscription) Empty() (heard, open bool) {
	item, open := s.TryNext()
	for item != nil {
		heard = true
		item, open = s.TryNext()
	}
	return heard, open
}

// Next is TryNext, and waits; nil when the subscription has ended.
func (s *Subscription) Next() *Item {
	for {
		if item, open := s.TryNext(); item != nil || !open {
			return item
		}
		<-s.Ready()
	}
}

// Items waits for each item, and ends with the subscription.
func (s *Subscription) Items() iter.Seq[*Item] {
	return func(yield func(*Item) bool) {
		for item := s.Next(); item != nil && yield(item); {
			item = s.Next()
		}
	}
}

// Ready gives a value when there may be something to read, or the subscription has
// ended: read until nothing is there. It is for the one who reads, and for those who do
// not call OnNews.
func (s *Subscription) Ready() <-chan struct{} {
	if s.ready == nil {
		ready := make(chan struct{}, 1)
		s.ready = ready
		s.OnNews(func() {
			select {
			case ready <- struct{}{}:
			default:
			}
		})
	}
	return s.ready
}

// OnNews has wake called whenever there is something to read, the subscription has ended,
// or the rights are to be looked at, and at once if that is so already. It is called with
// locks of the hub held: it must neither wait nor call the hub.
func (s *Subscription) OnNews(wake func()) { s.told.onNews(wake) }

// Start is a position that nothing of the workspace lies between and the moment
// the subscription was made: every later event is told. It is empty
// when the feed had named none yet.
func (s *Subscription) Start() string { return bare(s.start.PositionAfter(anything)) }

// Checkpoint is where the workspace's part of the feed stood at that moment.
func (s *Subscription) Checkpoint() Checkpoint { return s.start }

// Begun forgets where the subscription started, with the events that were new then:
// Start and Checkpoint answer nothing useful any more. It is for the one who reads.
func (s *Subscription) Begun() { s.start = Checkpoint{} }

// Sequence is the number of the last item that the hub told before the subscription
// was made: every item that is told has a higher one.
func (s *Subscription) Sequence() uint64 { return s.sequence }

// Last is the number of the last item of the workspace since somebody listens there, but
// for stars; 0 for none.
func (s *Subscription) Last() uint64 {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if t := s.hub.topics[s.workspace]; t != nil {
		return t.sequence
	}
	return 0
}

// Err is why the subscription ended: ErrSlow, ErrClosed, or the cause of the context
// that ended. It is nil before.
func (s *Subscription) Err() error {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return s.err
}
