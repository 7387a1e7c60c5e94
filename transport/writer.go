package transport

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// frame is one prebuilt message. Both parts are read-only once enqueued, so the
// payload may be shared by the frames of many sockets.
type frame struct{ prefix, payload []byte }

// frameCost is what a queued frame takes beside its bytes.
const frameCost = 64

// writer is the only one to write to a connection. Its queue is bounded in
// bytes: when full, the connection is closed, because waiting would hold up
// others and skipping would go unnoticed.
type writer struct {
	conn    *websocket.Conn
	raw     net.Conn
	limit   int           // bytes that may wait
	timeout time.Duration // for one frame
	grace   time.Duration // for the rest of the queue and the close handshake
	onClose func()        // called once, when closing begins
	wake    chan struct{}
	done    chan struct{} // closed when the connection is

	mu    sync.Mutex
	queue []frame
	bytes int // cost of the queue
	large int // cost of one large frame in it
	end   *closing
}

func newWriter(conn *websocket.Conn, raw net.Conn, o SocketOptions, onClose func()) *writer {
	return &writer{
		conn: conn, raw: raw, limit: o.QueueBytes, timeout: o.WriteTimeout, grace: o.CloseGrace,
		onClose: onClose, wake: make(chan struct{}, 1), done: make(chan struct{}),
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
	if w.bytes-w.large >= w.limit {
		w.mu.Unlock()
		w.close(closing{code: closeTryAgain, reason: reasonSlow, discard: true})
		return false
	}
	w.queue = append(w.queue, f)
	w.bytes += f.cost()
	w.large = max(w.large, f.cost())
	w.mu.Unlock()
	w.signal()
	return true
}

func (f frame) cost() int { return len(f.prefix) + len(f.payload) + frameCost }

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
	}
	// A write in flight and a peer that never answers the close end by then.
	_ = w.raw.SetDeadline(time.Now().Add(w.grace))
	w.mu.Unlock()
	w.signal()
	w.onClose()
}

// abort drops the connection without a word. Safe to call at any time.
func (w *writer) abort() {
	w.close(closing{code: closeTryAgain, discard: true})
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

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// run writes until the connection is closed.
func (w *writer) run() {
	defer close(w.done)
	var buf []byte
	for {
		f, ok := w.next()
		if !ok {
			break
		}
		buf = append(append(buf[:0], f.prefix...), f.payload...)
		// The deadline of the raw connection bounds the write.
		if err := w.conn.Write(context.Background(), websocket.MessageText, buf); err != nil {
			w.abort()
			break
		}
		buf = w.written(buf)
	}
	_ = w.conn.Close(w.end.code, fitReason(w.end.reason))
	_ = w.raw.Close()
}

// next waits for a frame. It is false when the queue is empty and closing.
func (w *writer) next() (frame, bool) {
	for {
		w.mu.Lock()
		if len(w.queue) > 0 {
			f := w.queue[0]
			w.queue[0] = frame{}
			w.queue = w.queue[1:]
			w.bytes -= f.cost()
			if f.cost() == w.large {
				w.large = 0
			}
			if w.end == nil {
				_ = w.raw.SetWriteDeadline(time.Now().Add(w.timeout))
			}
			w.mu.Unlock()
			return f, true
		}
		w.queue = nil
		ending := w.end != nil
		w.mu.Unlock()
		if ending {
			return frame{}, false
		}
		<-w.wake
	}
}

// largeBuffer is not kept for the next frame.
const largeBuffer = 16 << 10

// written lifts the deadline, which would else hit the answer to a control
// ping, and returns the buffer to use next.
func (w *writer) written(buf []byte) []byte {
	w.mu.Lock()
	if w.end == nil {
		_ = w.raw.SetWriteDeadline(time.Time{})
	}
	w.mu.Unlock()
	if cap(buf) > largeBuffer {
		return nil
	}
	return buf
}
