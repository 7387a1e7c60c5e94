package wsconn

import (
	"net"
	"sync"
	"time"

	"switchboard/budget"
)

// Frame is one prebuilt message: its prefix, payload and suffix, one after the other.
// All parts are read-only once the frame is enqueued, so the frames of many
// connections may share one payload.
type Frame struct {
	Prefix, Payload []byte
	Suffix          string
	// framed says that the parts contain their WebSocket header.
	framed bool
}

// FrameCost is how many bytes a queued frame takes in memory beside its own.
const FrameCost = 64

func (f Frame) len() int { return len(f.Prefix) + len(f.Payload) + len(f.Suffix) }

// Cost returns how many bytes the frame takes in a queue.
func (f Frame) Cost() int { return f.len() + FrameCost }

// AppendTo appends the bytes of f, without a WebSocket header, to buf.
func (f Frame) AppendTo(buf []byte) []byte {
	return append(append(append(buf, f.Prefix...), f.Payload...), f.Suffix...)
}

// Owner is the socket that a connection belongs to.
type Owner interface {
	// Closing is called once, when the closing begins. It must not wait.
	Closing(end Closing)
	// StopAll is called soon after, and ends whatever still sends.
	StopAll()
}

// Options bound a connection. Every field is required.
type Options struct {
	// WriteTimeout bounds the writing of one frame, CloseGrace what remains to be
	// sent and the close handshake.
	WriteTimeout, CloseGrace time.Duration
	// QueueBytes is how much may wait to be written.
	QueueBytes int
	// BinaryCode is the close code for a client that sends a binary message.
	BinaryCode int
}

// Conn is one WebSocket connection after its upgrade. It is safe for concurrent
// use, but for Receive, which one goroutine calls.
//
// Send writes a frame at once, with one write that never waits. The connection
// queues the bytes that the network does not accept, and a goroutine that lives no
// longer than the queue writes them. The queue is bounded in bytes: when it is full,
// the connection closes, because waiting would hold up other clients and skipping a
// frame would go unnoticed.
type Conn struct {
	raw     net.Conn
	options *Options
	owner   Owner
	buffers *WriteBuffers
	heard   chan struct{} // closed by the one who reads, when reading has ended
	done    chan struct{} // closed when the connection is

	mu     sync.Mutex
	direct *direct // nil when raw cannot be written without waiting
	queue  []Frame
	bytes  int           // cost of the queue
	held   budget.Buffer // for the queue
	large  int           // cost of one large frame in it
	idle   chan struct{} // closed when the queue is written; nil when it is
	end    *Closing
}

// New returns a connection over raw, whose upgrade is done. The server's connections
// share buffers and o.
func New(raw net.Conn, o *Options, buffers *WriteBuffers, owner Owner) *Conn {
	return &Conn{
		raw: raw, direct: newDirect(raw), options: o, buffers: buffers, owner: owner,
		heard: make(chan struct{}), done: make(chan struct{}),
	}
}

// Send writes or queues a frame and never waits. It returns false when the
// connection is closing, or begins to close because its queue is full. One large
// frame is not counted, nor is the one being written: a single answer over the limit,
// and the frames behind it, are no sign of a slow reader.
func (w *Conn) Send(f Frame) bool {
	w.mu.Lock()
	if w.end != nil {
		w.mu.Unlock()
		return false
	}
	return w.put(f)
}

// put needs mu, and unlocks it.
func (w *Conn) put(f Frame) bool {
	if w.idle == nil {
		err := w.write(f)
		w.mu.Unlock()
		if err != nil {
			w.Abort()
		}
		return err == nil
	}
	if w.end == nil && w.bytes-w.large >= w.options.QueueBytes {
		w.mu.Unlock()
		w.Close(Closing{Code: CloseTryAgain, Reason: reasonSlow, Discard: true, Slow: true})
		return false
	}
	if w.end == nil && !w.held.Set(w.bytes+f.Cost()) {
		w.mu.Unlock()
		w.Close(Closing{Code: CloseTryAgain, Reason: reasonSlow, Discard: true, Slow: true})
		return false
	}
	w.queue = append(w.queue, f)
	w.bytes += f.Cost()
	w.large = max(w.large, f.Cost())
	w.mu.Unlock()
	return true
}

// Hold counts the bytes that wait to be written in hold, until Release.
func (w *Conn) Hold(hold *budget.Hold) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = budget.NewBuffer(hold, 0)
}

// Release gives back the bytes that Hold counts.
func (w *Conn) Release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held.Close()
}

// write writes f without waiting, and leaves the rest to a goroutine. It needs
// mu, and that nothing is queued.
func (w *Conn) write(f Frame) error {
	scratch := w.buffers.take()
	defer w.buffers.give(scratch)
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
func (w *Conn) flush(first []byte) {
	for buf, more := first, true; more; buf, more = w.next(buf) {
		w.mu.Lock()
		if w.end == nil { // else the deadline of the close holds
			_ = w.raw.SetWriteDeadline(time.Now().Add(w.options.WriteTimeout))
		}
		w.mu.Unlock()
		if _, err := w.raw.Write(buf); err != nil {
			w.Abort()
		}
	}
}

// next gives the next frame to write. It is false, and others may write, when
// there is none.
func (w *Conn) next(buf []byte) ([]byte, bool) {
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
	w.queue[0] = Frame{}
	w.queue = w.queue[1:]
	w.bytes -= f.Cost()
	w.held.Set(w.bytes)
	if f.Cost() == w.large {
		w.large = 0
	}
	return appendFramed(buf[:0], f), true
}

// Close begins to close the connection; only the first call counts. It does not wait
// for the end: receive from Done for that.
func (w *Conn) Close(end Closing) {
	w.mu.Lock()
	if w.end != nil {
		w.mu.Unlock()
		return
	}
	w.end = &end
	if end.Discard {
		w.queue, w.bytes, w.large = nil, 0, 0
		w.held.Set(0)
	}
	// A write in flight and a peer that never answers the close end by then.
	_ = w.raw.SetDeadline(time.Now().Add(w.options.CloseGrace))
	w.mu.Unlock()
	w.owner.Closing(end)
	go w.finish()
}

// finish says goodbye behind what is queued, waits for the peer to do so too, and
// drops the connection.
func (w *Conn) finish() {
	defer close(w.done)
	w.owner.StopAll()
	w.flushed()
	w.mu.Lock()
	w.put(closeFrame(w.end.Code, w.end.Reason))
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

func (w *Conn) flushed() {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// Abort drops the connection without a close frame. It may be called at any time.
func (w *Conn) Abort() {
	w.Close(Closing{Discard: true})
	_ = w.raw.Close()
}

// AwaitInput gives the client d to send its next message: reading fails with
// os.ErrDeadlineExceeded afterwards. It does nothing once the connection is closing.
func (w *Conn) AwaitInput(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end == nil {
		_ = w.raw.SetReadDeadline(time.Now().Add(d))
	}
}

// IsClosing reports whether Close was called.
func (w *Conn) IsClosing() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.end != nil
}

// AwaitReadable waits until there is something to read, or until reading would fail. It
// returns at once if WaitsForInput is false.
func (w *Conn) AwaitReadable() {
	if w.direct != nil {
		w.direct.readable()
	}
}

// WaitsForInput reports whether AwaitReadable waits; it cannot for a connection under TLS.
func (w *Conn) WaitsForInput() bool { return w.direct != nil }

// ReadEnded says that nobody reads any more. Call it once.
func (w *Conn) ReadEnded() { close(w.heard) }

// Done returns a channel that is closed once the connection is.
func (w *Conn) Done() <-chan struct{} { return w.done }

// Ending returns why the connection closed; call it after that.
func (w *Conn) Ending() Closing { return *w.end }
