package feed

import "context"

// Await waits until the feed has come to position, for a listener who has been
// there on another server. It returns at once when the feed has been there, as
// far as that is still known, and also when events are lost: SubscribeAfter tells
// which it was. The only error is the cause of a ctx that ended.
func (h *Hub) Await(ctx context.Context, position string) error {
	select {
	case <-h.arrival(bare(position)):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// arrival is closed once the feed has come to position.
func (h *Hub) arrival(position string) <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, passed := h.ring.places[position]; passed || position == h.Position() {
		there := make(chan struct{})
		close(there)
		return there
	}
	if h.awaited[position] == nil {
		h.awaited[position] = make(chan struct{})
	}
	return h.awaited[position]
}

// arrive needs mu.
func (h *Hub) arrive(position string) {
	if there := h.awaited[position]; there != nil {
		close(there)
		delete(h.awaited, position)
	}
}
