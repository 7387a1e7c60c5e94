package feed

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// errTooManyWaiting is more who wait than there is room for.
var errTooManyWaiting = errors.New("live: too many wait for a turn")

// groupLimit is one party's part of the turns.
type groupLimit struct {
	name string
	// maxRunning is how many turns the party may hold at once, room how many of it may
	// wait for one.
	maxRunning, maxWaiting int
	// rests is how many times as long as it was used a turn is kept from the party that had
	// it, for longestRest at most. Others have it meanwhile.
	rests int
}

// longestRest bounds for how long a party is kept from a turn.
const longestRest = time.Second

// fairLimiter lets a few of many work at a time. Who asks belongs to a party, that to a
// larger one and so on. A turn that is free goes to the parties in rotation, and
// within each to its own parties in rotation, so that nobody waits for more than
// one turn of each neighbour. It is safe for concurrent use.
type fairLimiter struct {
	mu   sync.Mutex
	root *limiterGroup
}

func newFairLimiter(all groupLimit) *fairLimiter {
	return &fairLimiter{root: &limiterGroup{groupLimit: all}}
}

// limiterGroup is a node of the tree. The turns' lock guards it.
type limiterGroup struct {
	groupLimit
	within           *limiterGroup
	running, waiting int
	// next are the parties in it, the first one being next in rotation; line are the
	// ones who wait in a party that has none.
	next  []*limiterGroup
	queue []*waiter
}

type waiter struct {
	group *limiterGroup
	ready chan struct{} // closed with the turn
}

// acquire waits for a turn of the smallest of the parties, which go from large to
// small. The turn ends with release. Errors: errTooManyWaiting at once, or the cause of a
// ctx that ended.
func (t *fairLimiter) acquire(ctx context.Context, parties ...groupLimit) (release func(), err error) {
	w, err := t.enqueue(parties)
	if err != nil {
		return nil, err
	}
	select {
	case <-w.ready:
	case <-ctx.Done():
		if t.cancel(w) {
			return nil, context.Cause(ctx)
		}
	}
	began := time.Now()
	return func() { t.release(w.group, time.Since(began)) }, nil
}

// waiting is how many wait.
func (t *fairLimiter) waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.root.waiting
}

func (t *fairLimiter) enqueue(parties []groupLimit) (*waiter, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.root
	for _, s := range parties {
		p = p.party(s)
	}
	w := &waiter{group: p, ready: make(chan struct{})}
	p.queue = append(p.queue, w)
	p.count(0, 1)
	t.grant()
	select {
	case <-w.ready:
		return w, nil
	default:
	}
	for at := p; at != nil; at = at.within {
		if at.waiting > at.maxWaiting {
			t.remove(w)
			return nil, errTooManyWaiting
		}
	}
	return w, nil
}

// cancel gives up waiting. It is false for who has a turn already.
func (t *fairLimiter) cancel(w *waiter) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-w.ready:
		return false
	default:
		t.remove(w)
		return true
	}
}

// remove needs mu.
func (t *fairLimiter) remove(w *waiter) {
	w.group.queue = slices.DeleteFunc(w.group.queue, func(other *waiter) bool { return other == w })
	w.group.count(0, -1)
	w.group.prune()
}

// release gives the turn of a party to others, and to the party itself once it has rested.
func (t *fairLimiter) release(p *limiterGroup, used time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.within.count(-1, 0)
	if rest := min(time.Duration(p.rests)*used, longestRest); rest > 0 {
		time.AfterFunc(rest, func() { t.rested(p) })
	} else {
		p.running--
		p.prune()
	}
	t.grant()
}

func (t *fairLimiter) rested(p *limiterGroup) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.running--
	p.prune()
	t.grant()
}

// grant gives away the turns that are free. It needs mu.
func (t *fairLimiter) grant() {
	for {
		w := t.root.pick()
		if w == nil {
			return
		}
		w.group.count(1, -1)
		close(w.ready)
	}
}

// party finds the one of that name within p, or makes it, as the last one in
// rotation.
func (p *limiterGroup) party(s groupLimit) *limiterGroup {
	for _, one := range p.next {
		if one.name == s.name {
			return one
		}
	}
	one := &limiterGroup{groupLimit: s, within: p}
	p.next = append(p.next, one)
	return one
}

// pick takes out the one whose turn it is; nil for nobody.
func (p *limiterGroup) pick() *waiter {
	if p.running >= p.maxRunning || p.waiting == 0 {
		return nil
	}
	if len(p.queue) > 0 {
		w := p.queue[0]
		p.queue = p.queue[1:]
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
func (p *limiterGroup) count(running, waiting int) {
	for at := p; at != nil; at = at.within {
		at.running += running
		at.waiting += waiting
	}
}

// prune forgets parties of which nobody is there or rests.
func (p *limiterGroup) prune() {
	for at := p; at.within != nil && at.running+at.waiting+len(at.next) == 0; at = at.within {
		at.within.next = slices.DeleteFunc(at.within.next, func(one *limiterGroup) bool { return one == at })
	}
}
