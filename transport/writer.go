package transport

import (
	"net"
	"sync"
	"time"
)

// frame is one prebuilt message. All parts are read-only once enqueued, so the
// payload may be shared by the frames of many connections.
type frame struct {
	prefix, payload []byte
	suffix          string
	// framed is a payload that has its WebSocket header already.
	framed bool
}

// frameCost is what a queued frame takes beside its bytes.
const frameCost = 64

func (f frame) len() int  { return len(f.prefix) + len(f.payload) + len(f.suffix) }
func (f frame) cost() int { return f.len() + frameCost }

// appendTo appends the bytes of f.
func (f frame) appendTo(buf []byte) []byte {
	return append(append(append(buf, f.prefix...), f.payload...), f.suffix...)
}

// owner is whose connection a writer writes to.
type owner interface {
	// closing is told once, when closing begins. It must not wait.
	closing(end closing)
	// stopAll is called soon after.
	stopAll()
}

// writer is the only one to write to a connection. A frame is written at once by
// whoever enqueues it, with one write that never waits. What the connection does
// not take is queued, and a goroutine that lives no longer than the queue writes
// it. The queue is bounded in bytes: when full, the connection is closed, because
// waiting would hold up others and skipping would go unnoticed.
type writer struct {
	raw       net.Conn
	options   *SocketOptions
	owner     owner
	scratches *scratches
	heard     chan struct{} // closed by the one who reads, when reading has ended
	done      chan struct{} // closed when the connection is

	mu     sync.Mutex
	direct *direct // nil when raw cannot be written without waiting
	queue  []frame
	bytes  int           // cost of the queue
	held   buffer        // for the queue
	large  int           // cost of one large frame in it
	idle   chan struct{} // closed when the queue is written; nil when it is
	end    *closing
}

func newWriter(raw net.Conn, o *SocketOptions, scratches *scratches, owner owner) *writer {
	return &writer{
		raw: raw, direct: newDirect(raw), options: o, scratches: scratches, owner: owner,
		heard: make(chan struct{}), done: make(chan struct{}),
	}
}

// enqueue takes a frame to be written and never waits. It is false when the
// connection is closing, or begins to because its queue is full. One large frame
// is not counted, nor the one being written: a single answer over the limit, and
// what follows it, is no sign of a slow reader.
func (w *writer) enqueue(f frame) bool {
	w.mu.Lock()
	if w.end != nil {
		w.mu.Unlock()
		return false
	}
	return w.put(f)
}

// put needs mu, and unlocks it.
func (w *writer) put(f frame) bool {
	if w.idle == nil {
		err := w.write(f)
		w.mu.Unlock()
		if err != nil {
			w.abort()
		}
		return err == nil
	}
	if w.end == nil && w.bytes-w.large >= w.options.QueueBytes {
		w.mu.Unlock()
		w.close(closing{code: closeTryAgain, reason: reasonSlow, discard: true, slow: true})
		return false
	}
	if w.end == nil && !w.held.set(w.bytes+f.cost()) {
		w.mu.Unlock()
		w.close(closing{code: closeTryAgain, reason: reasonSlow, discard: true, slow: true})
		return false
	}
	w.queue = append(w.queue, f)
	w.bytes += f.cost()
	w.large = max(w.large, f.cost())
	w.mu.Unlock()
	return true
}

// hold counts what waits to be written among what the identity's subscriptions take.
func (w *writer) hold(t *tab) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held.hold = t.of.ledger.Buffer(t.accounts)
}

// unhold is the end of that.
func (w *writer) unhold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held.hold.Close()
}

// write writes f without waiting, and leaves the rest to a goroutine. It needs
// mu, and that nothing is queued.
func (w *writer) write(f frame) error {
	scratch := w.scratches.take()
	defer w.scratches.give(scratch)
	scratch.bytes = appendFramed(scratch.bytes[:0], f)
	written := 0
	if w.direct != nil {
		var err error
		if written, err = w.direct.write(scratch.bytes); err != nil {
			return err
		}
	}
	if written < len(scratch.bytes) {
		w.idle = make(chan struct{})
		go w.flush(append([]byte(nil), scratch.bytes[written:]...))
	}
	return nil
}

// flush writes first, and then what is queued.
func (w *writer) flush(first []byte) {
	for buf, more := first, true; more; buf, more = w.next(buf) {
		w.mu.Lock()
		if w.end == nil { // else the deadline of the close holds
			_ = w.raw.SetWriteDeadline(time.Now().Add(w.options.WriteTimeout))
		}
		w.mu.Unlock()
		if _, err := w.raw.Write(buf); err != nil {
			w.abort()
		}
	}
}

// next gives the next frame to write. It is false, and others may write, when
// there is none.
func (w *writer) next(buf []byte) ([]byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		if w.end == nil {
			_ = w.raw.SetWriteDeadline(time.Time{})
		}
		w.queue = nil
		close(w.idle)
		w.idle = nil
		return nil, false
	}
	f := w.queue[0]
	w.queue[0] = frame{}
	w.queue = w.queue[1:]
	w.bytes -= f.cost()
	w.held.set(w.bytes)
	if f.cost() == w.large {
		w.large = 0
	}
	return appendFramed(buf[:0], f), true
}

// close ends the connection; only the first call counts. It does not wait: done does.
func (w *writer) close(end closing) {
	w.mu.Lock()
	if w.end != nil {
		w.mu.Unlock()
		return
	}
	w.end = &end
	if end.discard {
		w.queue, w.bytes, w.large = nil, 0, 0
		w.held.set(0)
	}
	// A write in flight and a peer that never answers the close end by then.
	_ = w.raw.SetDeadline(time.Now().Add(w.options.CloseGrace))
	w.mu.Unlock()
	w.owner.closing(end)
	go w.finish()
}

// finish says goodbye behind what is queued, waits for the peer to do so too, and
// drops the connection.
func (w *writer) finish() {
	defer close(w.done)
	w.owner.stopAll()
	w.flushed()
	w.mu.Lock()
	w.put(closeFrame(w.end.code, w.end.reason))
	w.flushed()
	grace := time.NewTimer(w.options.CloseGrace)
	defer grace.Stop()
	select {
	case <-w.heard:
	case <-grace.C:
	}
	_ = w.raw.Close()
	w.flushed()
}

func (w *writer) flushed() {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// abort drops the connection without a word. Safe to call at any time.
func (w *writer) abort() {
	w.close(closing{discard: true})
	_ = w.raw.Close()
}

// awaitInput gives the peer d to send its next message. Once the connection is
// closing the deadline of the close stays.
func (w *writer) awaitInput(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end == nil {
		_ = w.raw.SetReadDeadline(time.Now().Add(d))
	}
}

// isClosing says whether close was called.
func (w *writer) isClosing() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.end != nil
}

// readable waits until there is something to read, or reading would fail.
func (w *writer) readable() {
	if w.direct != nil {
		w.direct.readable()
	}
}

// waits says whether readable waits.
func (w *writer) waits() bool { return w.direct != nil }
