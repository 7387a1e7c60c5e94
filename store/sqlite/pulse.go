package sqlite

import "sync"

// pulse tells waiting streams of each commit.
type pulse struct {
	mu     sync.Mutex
	next   chan struct{} // closed by the next beat; nil while nobody waits
	closed bool
}

// wait returns a channel that the next beat closes, and false when there is none: the
// store was closed. Who looks for news takes the channel first.
func (p *pulse) wait() (<-chan struct{}, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = make(chan struct{})
	}
	return p.next, !p.closed
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next != nil {
		close(p.next)
		p.next = nil
	}
}

func (p *pulse) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.beat()
}
