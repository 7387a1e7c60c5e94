package guard

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// mostHeld is how many refusals of one caller wait to be told at once. With one more
// the connection is closed instead.
const mostHeld = 16

// Holds make callers of a class with a Hold wait for their refusals: whoever asks
// again at once would else keep the server busy with saying no.
type Holds struct {
	classes map[string]Class

	mu sync.Mutex
	by map[string]int
}

// NewHolds returns holds by the Hold of each class.
func NewHolds(classes map[string]Class) *Holds { return &Holds{classes: classes, by: map[string]int{}} }

// hold waits until a refusal of c may be told, or ctx has ended. It is false at
// once when too many wait already.
func (h *Holds) hold(ctx context.Context, c caller) bool {
	d := h.classes[c.class].Hold
	if d <= 0 {
		return true
	}
	h.mu.Lock()
	if h.by[c.key] >= mostHeld {
		h.mu.Unlock()
		return false
	}
	h.by[c.key]++
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		lower(h.by, c.key)
		h.mu.Unlock()
	}()
	patience := time.NewTimer(d)
	defer patience.Stop()
	select {
	case <-patience.C:
	case <-ctx.Done():
	}
	return true
}

// Holding lets reply wait with what refuses the caller of ctx.
func (h *Holds) Holding(ctx context.Context, header http.Header) func(*graphql.Response) {
	return func(resp *graphql.Response) {
		if IsBreach(resp.Errors) && !h.hold(ctx, callerOf(ctx)) {
			header.Set("Connection", "close")
		}
	}
}
