package transport

import "sync"

// turns lets some run at once, and of one tenant only some of these, so that no
// tenant keeps the others waiting for long. Those of one tenant go in no order.
type turns struct {
	most, each int

	mu   sync.Mutex
	free *sync.Cond
	all  int
	by   map[string]int
}

func newTurns(most, each int) *turns {
	t := &turns{most: most, each: each, by: map[string]int{}}
	t.free = sync.NewCond(&t.mu)
	return t
}

// take waits for a turn, which must be given back.
func (t *turns) take(tenant string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.all >= t.most || t.by[tenant] >= t.each {
		t.free.Wait()
	}
	t.all++
	t.by[tenant]++
}

func (t *turns) give(tenant string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all--
	lower(t.by, tenant)
	t.free.Broadcast()
}
