package live

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// errCrowded is more who wait than there is room for.
var errCrowded = errors.New("live: too many wait for a turn")

// share is one party's part of the turns.
type share struct {
	name string
	// most is how many turns the party may hold at once, room how many of it may
	// wait for one.
	most, room int
}

// turns lets a few of many work at a time. Who asks belongs to a party, that to a
// larger one and so on. A turn that is free goes to the parties in rotation, and
// within each to its own parties in rotation, so that nobody waits for more than
// one turn of each neighbour. It is safe for concurrent use.
type turns struct {
	mu  sync.Mutex
	all *party
}

func newTurns(all share) *turns { return &turns{all: &party{share: all}} }

// party is a node of the tree. The turns' lock guards it.
type party struct {
	share
	within           *party
	running, waiting int
	// next are the parties in it, the first one being next in rotation; line are the
	// ones who wait in a party that has none.
	next []*party
	line []*waiter
}

type waiter struct {
	of    *party
	ready chan struct{} // closed with the turn
}

// take waits for a turn of the smallest of the parties, which go from large to
// small. The turn ends with release. Errors: errCrowded at once, or the cause of a
// ctx that ended.
func (t *turns) take(ctx context.Context, parties ...share) (release func(), err error) {
	w, err := t.join(parties)
	if err != nil {
		return nil, err
	}
	select {
	case <-w.ready:
	case <-ctx.Done():
		if t.leave(w) {
			return nil, context.Cause(ctx)
		}
	}
	return func() { t.release(w.of) }, nil
}

// waiting is how many wait.
func (t *turns) waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.waiting
}

func (t *turns) join(parties []share) (*waiter, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.all
	for _, s := range parties {
		p = p.party(s)
	}
	w := &waiter{of: p, ready: make(chan struct{})}
	p.line = append(p.line, w)
	p.count(0, 1)
	t.hand()
	select {
	case <-w.ready:
		return w, nil
	default:
	}
	for at := p; at != nil; at = at.within {
		if at.waiting > at.room {
			t.drop(w)
			return nil, errCrowded
		}
	}
	return w, nil
}

// leave gives up waiting. It is false for who has a turn already.
func (t *turns) leave(w *waiter) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-w.ready:
		return false
	default:
		t.drop(w)
		return true
	}
}

// drop needs mu.
func (t *turns) drop(w *waiter) {
	w.of.line = slices.DeleteFunc(w.of.line, func(other *waiter) bool { return other == w })
	w.of.count(0, -1)
	w.of.tidy()
}

func (t *turns) release(p *party) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.count(-1, 0)
	p.tidy()
	t.hand()
}

// hand gives away the turns that are free. It needs mu.
func (t *turns) hand() {
	for {
		w := t.all.pick()
		if w == nil {
			return
		}
		w.of.count(1, -1)
		close(w.ready)
	}
}

// party finds the one of that name within p, or makes it, as the last one in
// rotation.
func (p *party) party(s share) *party {
	for _, one := range p.next {
		if one.name == s.name {
			return one
		}
	}
	one := &party{share: s, within: p}
	p.next = append(p.next, one)
	return one
}

// pick takes out the one whose turn it is; nil for nobody.
func (p *party) pick() *waiter {
	if p.running >= p.most || p.waiting == 0 {
		return nil
	}
	if len(p.line) > 0 {
		w := p.line[0]
		p.line = p.line[1:]
		return w
	}
	for i, one := range p.next {
		if w := one.pick(); w != nil {
			p.next = append(slices.Delete(p.next, i, i+1), one)
			return w
		}
	}
	return nil
}

// count adds to the numbers of p and of all that it is within.
func (p *party) count(running, waiting int) {
	for at := p; at != nil; at = at.within {
		at.running += running
		at.waiting += waiting
	}
}

// tidy forgets parties of which nobody is there.
func (p *party) tidy() {
	for at := p; at.within != nil && at.running+at.waiting == 0; at = at.within {
		at.within.next = slices.DeleteFunc(at.within.next, func(one *party) bool { return one == at })
	}
}
