package feed

import (
	"context"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Subscription is what one listener reads.
type Subscription struct {
	hub       *Hub
	workspace workspace.WorkspaceID
	items     chan *Item
	start     Checkpoint
	sequence  uint64
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
	for len(s.items) > 0 {
		<-s.items
	}
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
	s := &Subscription{hub: h, workspace: ws, items: make(chan *Item, h.buffer), start: h.checkpoints.of(ws), sequence: h.sequences}
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

// Leave ends the subscription before its context does. Items is closed.
func (s *Subscription) Leave() { s.cancel(context.Canceled) }

func (s *Subscription) cancel(why error) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.end(s, why)
}

// Items gives what is told, in feed order. It is closed when the subscription
// ends; what was told before can still be read, and is complete up to there.
func (s *Subscription) Items() <-chan *Item { return s.items }

// Start is a position that nothing of the workspace lies between and the moment
// the subscription was made: every later event comes through Items. It is empty
// when the feed had named none yet.
func (s *Subscription) Start() string { return bare(s.start.PositionAfter(anything)) }

// Checkpoint is where the workspace's part of the feed stood at that moment.
func (s *Subscription) Checkpoint() Checkpoint { return s.start }

// Begun forgets where the subscription started, with the events that were new then:
// Start and Checkpoint answer nothing useful any more. It is for the one who reads Items.
func (s *Subscription) Begun() { s.start = Checkpoint{} }

// Sequence is the number of the last item that the hub told before the subscription
// was made: every item through Items has a higher one.
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

// Err is why Items was closed: ErrSlow, ErrClosed, or the cause of the context
// that ended. It is nil as long as Items is open.
func (s *Subscription) Err() error {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return s.err
}
