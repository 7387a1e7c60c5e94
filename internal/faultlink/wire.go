package faultlink

import (
	"context"
	"maps"
	"net"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Wire is a Link that understands MongoDB's wire protocol: it counts commands, and
// delays or changes their answers. Traffic must be neither encrypted nor
// compressed. All methods may be called at any time from any goroutine.
type Wire struct {
	*Link

	mu      sync.Mutex
	counts  map[Command]Count
	late    map[string]time.Duration
	opening time.Duration // how much later change streams are opened
	reading time.Duration // how much later they are read
	edits   map[string]Edit
	held    map[string]chan struct{}    // closed when the commands may go on
	asked   map[*pair]map[int32]Command // requests without an answer, by their number
	streams map[int64]bool              // change streams that were opened
}

// Edit returns what a client receives in place of the server's answer.
type Edit func(c Command, answer bson.D) bson.D

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
	w := &Wire{
		Link: l, counts: map[Command]Count{}, late: map[string]time.Duration{}, edits: map[string]Edit{},
		held:  map[string]chan struct{}{},
		asked: map[*pair]map[int32]Command{}, streams: map[int64]bool{},
	}
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

// Hold keeps commands of that name from the server until release is called, also those of a
// connection that its client has left by then. Commands of other connections pass. Holding a
// name again releases it first.
func (w *Wire) Hold(name string) (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, held := w.held[name], make(chan struct{})
	if before != nil {
		close(before)
	}
	w.held[name] = held
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.held[name] == held {
			delete(w.held, name)
			close(held)
		}
	}
}

// DelayStreams lets change streams be opened so much later, and each answer to one
// that reads them come so much later; 0 ends it. Other commands are not delayed.
func (w *Wire) DelayStreams(opening, reading time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opening, w.reading = opening, reading
}

// Rewrite lets clients receive other answers to commands of that name, such as those
// of another product; nil ends it. Edit may be called by several goroutines at once.
func (w *Wire) Rewrite(name string, edit Edit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if edit == nil {
		delete(w.edits, name)
		return
	}
	w.edits[name] = edit
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

// Total adds up what passed for the commands that match.
func (w *Wire) Total(match func(Command) bool) (sum Count) {
	for c, n := range w.Counts() {
		if match(c) {
			sum = sum.plus(n)
		}
	}
	return sum
}

func (n Count) plus(more Count) Count {
	return Count{n.Commands + more.Commands, n.Requested + more.Requested, n.Answered + more.Answered}
}

// packets carries one direction, message by message.
func (w *Wire) packets(p *pair, from, to net.Conn, answers bool) {
	defer w.forget(p)
	for {
		m, err := readPacket(from)
		if err != nil {
			return
		}
		if answers {
			var late time.Duration
			if m, late = w.answered(p, m); !w.wait(late) {
				return
			}
		} else if !w.passes(w.requested(p, m)) {
			return
		}
		if !w.deliver(to, m.raw, answers) {
			return
		}
	}
}

// passes waits while the command is held; false when the link was closed meanwhile.
func (w *Wire) passes(c Command) bool {
	w.mu.Lock()
	held := w.held[c.Name]
	w.mu.Unlock()
	if held == nil {
		return true
	}
	select {
	case <-held:
		return true
	case <-w.closed:
		return false
	}
}

func (w *Wire) requested(p *pair, m packet) Command {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := m.command(w.streams)
	if w.asked[p] == nil {
		w.asked[p] = map[int32]Command{}
	}
	w.asked[p][m.id] = c
	w.counts[c] = w.counts[c].plus(Count{Commands: 1, Requested: len(m.raw)})
	return c
}

// answered counts an answer, and returns it as the client receives it and how much
// later that is. A server that streams its answers sends several: each after the first
// answers the one before.
func (w *Wire) answered(p *pair, m packet) (packet, time.Duration) {
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
	if c.Name == "aggregate" && c.Stream {
		if id, ok := m.document().Lookup("cursor", "id").AsInt64OK(); ok {
			w.streams[id] = true
		}
	}
	w.counts[c] = w.counts[c].plus(Count{Answered: len(m.raw)})
	return edited(w.edits[c.Name], c, m), w.lateness(c)
}

// edited is m as edit wants it; m where there is nothing to edit.
func edited(edit Edit, c Command, m packet) packet {
	var said bson.D
	if edit == nil || bson.Unmarshal(m.document(), &said) != nil {
		return m
	}
	other, err := m.replaced(edit(c, said))
	if err != nil {
		return m
	}
	return other
}

// lateness needs mu.
func (w *Wire) lateness(c Command) time.Duration {
	late := w.late[c.Name]
	switch {
	case !c.Stream:
	case c.Name == "aggregate":
		late += w.opening
	default:
		late += w.reading
	}
	return late
}

func (w *Wire) forget(p *pair) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.asked, p)
}
