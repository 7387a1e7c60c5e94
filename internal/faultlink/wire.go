package faultlink

import (
	"context"
	"maps"
	"net"
	"sync"
	"time"
)

// Wire is a Link that understands MongoDB's wire protocol: it counts commands, and
// delays the answers to commands of one name. Traffic must be neither encrypted nor
// compressed. All methods may be called at any time from any goroutine.
type Wire struct {
	*Link

	mu     sync.Mutex
	counts map[Command]Count
	late   map[string]time.Duration
	asked  map[*pair]map[int32]Command // requests without an answer, by their number
}

// Count is what went over the wire for one command.
type Count struct {
	Commands int
	// Requested and Answered are bytes, headers included.
	Requested, Answered int
}

// ListenWire opens a link to a database server. Errors and Close are those of Listen.
func ListenWire(ctx context.Context, target string) (*Wire, error) {
	l, err := bind(ctx, target)
	if err != nil {
		return nil, err
	}
	w := &Wire{Link: l, counts: map[Command]Count{}, late: map[string]time.Duration{}, asked: map[*pair]map[int32]Command{}}
	l.carry = w.packets
	l.working.Go(l.accept)
	return w, nil
}

// Distance makes the server so far away: each round trip takes that much longer,
// until Heal.
func (w *Wire) Distance(roundTrip time.Duration) { w.Slow(roundTrip / 2) }

// Delay lets the answers to commands of that name come so much later; 0 ends it.
// What a connection asks next waits as well, as it does with a server that is late.
func (w *Wire) Delay(name string, late time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late[name] = late
}

// Counts is what passed since the link was opened or Reset was called.
func (w *Wire) Counts() map[Command]Count {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.counts)
}

// Reset begins the counts anew.
func (w *Wire) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.counts)
}

// packets carries one direction, message by message.
func (w *Wire) packets(p *pair, from, to net.Conn, answers bool) {
	defer w.forget(p)
	for {
		m, err := readPacket(from)
		if err != nil {
			return
		}
		if answers && !w.wait(w.answered(p, m)) {
			return
		}
		if !answers {
			w.requested(p, m)
		}
		if !w.deliver(to, m.raw, answers) {
			return
		}
	}
}

func (w *Wire) requested(p *pair, m packet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := m.command()
	if w.asked[p] == nil {
		w.asked[p] = map[int32]Command{}
	}
	w.asked[p][m.id] = c
	w.add(c, Count{Commands: 1, Requested: len(m.raw)})
}

// answered counts an answer and returns how much later it has to come. A server that
// streams its answers sends several: each after the first answers the one before.
func (w *Wire) answered(p *pair, m packet) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, known := w.asked[p][m.answers]
	if !known {
		c = Command{Name: "other"}
	}
	delete(w.asked[p], m.answers)
	if known && m.more() {
		w.asked[p][m.id] = c
	}
	w.add(c, Count{Answered: len(m.raw)})
	return w.late[c.Name]
}

// add needs mu.
func (w *Wire) add(c Command, more Count) {
	sum := w.counts[c]
	sum.Commands += more.Commands
	sum.Requested += more.Requested
	sum.Answered += more.Answered
	w.counts[c] = sum
}

func (w *Wire) forget(p *pair) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.asked, p)
}
