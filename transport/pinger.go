package transport

import (
	"sync"
	"time"
)

// pingSlots is into how many parts the time between two pings is cut: so many that a
// server with many sockets does not ping all at once.
const pingSlots = 16

// pinger pings all sockets, each once an interval, with one timer for all.
type pinger struct {
	interval time.Duration

	mu    sync.Mutex
	slots [pingSlots]map[*socket]struct{}
	slot  int
	all   int
	timer *time.Timer // nil while there is no socket
}

func newPinger(interval time.Duration) *pinger {
	return &pinger{interval: max(interval/pingSlots, time.Millisecond)}
}

// add has s pinged from an interval from now on.
func (p *pinger) add(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.part = uint8(p.slot) + 1
	if p.slots[p.slot] == nil {
		p.slots[p.slot] = map[*socket]struct{}{}
	}
	p.slots[p.slot][s] = struct{}{}
	p.all++
	if p.timer == nil {
		p.timer = time.AfterFunc(p.interval, p.next)
	}
}

// remove has s left alone; it may never have been added.
func (p *pinger) remove(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.part == 0 {
		return
	}
	delete(p.slots[s.part-1], s)
	s.part = 0
	p.all--
	if p.all == 0 {
		p.timer.Stop()
		p.timer = nil
	}
}

// next pings the sockets whose turn it is.
func (p *pinger) next() {
	p.mu.Lock()
	if p.timer == nil {
		p.mu.Unlock()
		return
	}
	p.slot = (p.slot + 1) % pingSlots
	due := make([]*socket, 0, len(p.slots[p.slot]))
	for s := range p.slots[p.slot] {
		due = append(due, s)
	}
	p.timer.Reset(p.interval)
	p.mu.Unlock()
	for _, s := range due {
		s.out.Send(pingFrame())
	}
}
