package admission

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Limits bounds a Gate. The numbers are at least 1.
type Limits struct {
	// AtWork is how many are at work on one document; further ones wait.
	AtWork int
	// Waiting is how many wait for one document, PerCaller how many of these one caller
	// has.
	Waiting, PerCaller int
	// Wait, unless 0, is how long those who wait for one document may take, as far as is
	// known from those before.
	Wait time.Duration
}

// Full is the refusal of one beyond a bound.
type Full struct {
	// Waiting is how many wait for the document, of all callers.
	Waiting int
	// RetryAfter is how long these take, as far as is known, and at least a second.
	RetryAfter time.Duration
}

func (f *Full) Error() string {
	return fmt.Sprintf("admission: %d wait for the same document already", f.Waiting)
}

// Gate lets verbs begin. It has no goroutine of its own, and is safe for concurrent use.
type Gate struct {
	limits Limits

	mu      sync.Mutex
	doors   map[string]*door
	refused uint64
}

// New makes a Gate that nobody waits at.
func New(limits Limits) *Gate { return &Gate{limits: limits, doors: map[string]*door{}} }

// Enter waits until the caller may work on the document, and returns what ends that work,
// to be called once. Callers who wait take turns, whoever came first. The error is *Full,
// at once, beyond a bound, or that of ctx if it ends first. Who enters several documents
// has to enter them in one order, the same for all.
func (g *Gate) Enter(ctx context.Context, document, caller string) (leave func(), err error) {
	w, err := g.come(document, caller)
	if err != nil {
		return nil, err
	}
	select {
	case <-w.admitted:
		return func() { g.leave(document) }, nil
	case <-ctx.Done():
		g.withdraw(document, w)
		return nil, ctx.Err()
	}
}

func (g *Gate) come(document, caller string) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[document]
	if d == nil {
		d = newDoor()
		g.doors[document] = d
	}
	if d.atWork < g.limits.AtWork {
		d.atWork++
		w := &waiter{admitted: make(chan struct{})}
		close(w.admitted)
		return w, nil
	}
	if full := d.full(caller, g.limits); full != nil {
		g.refused++
		return nil, full
	}
	return d.wait(caller), nil
}

// leave admits the next.
func (g *Gate) leave(document string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[document]
	d.learn(time.Now())
	if next := d.next(); next != nil {
		close(next.admitted)
		return
	}
	if d.atWork--; d.atWork == 0 {
		delete(g.doors, document)
	}
}

// withdraw takes a waiter out who has gone, and passes its admission on if it was just
// given.
func (g *Gate) withdraw(document string, w *waiter) {
	g.mu.Lock()
	gone := g.doors[document].remove(w)
	g.mu.Unlock()
	if !gone {
		g.leave(document)
	}
}

// Waiting is how many wait now, for all documents, and how many were refused so far.
func (g *Gate) Waiting() (now int, refused uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, d := range g.doors {
		now += d.waiting
	}
	return now, g.refused
}
