package transport

import (
	"sync"
	"time"
)

// beats is into how many parts the time between two pings is cut: so many that a
// server with many sockets does not ping all at once.
const beats = 16

// pulse pings all sockets, each once an interval, with one timer for all.
type pulse struct {
	beat time.Duration

	mu    sync.Mutex
	parts [beats]map[*socket]struct{}
	turn  int
	all   int
	timer *time.Timer // nil while there is no socket
}

func newPulse(interval time.Duration) *pulse {
	return &pulse{beat: max(interval/beats, time.Millisecond)}
}

// add has s pinged from an interval from now on.
func (p *pulse) add(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.part = uint8(p.turn) + 1
	if p.parts[p.turn] == nil {
		p.parts[p.turn] = map[*socket]struct{}{}
	}
	p.parts[p.turn][s] = struct{}{}
	p.all++
	if p.timer == nil {
		p.timer = time.AfterFunc(p.beat, p.next)
	}
}

// remove has s left alone; it may never have been added.
func (p *pulse) remove(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.part == 0 {
		return
	}
	delete(p.parts[s.part-1], s)
	s.part = 0
	p.all--
	if p.all == 0 {
		p.timer.Stop()
		p.timer = nil
	}
}

// next pings the sockets whose turn it is.
func (p *pulse) next() {
	p.mu.Lock()
	if p.timer == nil {
		p.mu.Unlock()
		return
	}
	p.turn = (p.turn + 1) % beats
	due := make([]*socket, 0, len(p.parts[p.turn]))
	for s := range p.parts[p.turn] {
		due = append(due, s)
	}
	p.timer.Reset(p.beat)
	p.mu.Unlock()
	for _, s := range due {
		s.out.Send(pingFrame())
	}
}
