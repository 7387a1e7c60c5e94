package transport

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/budget"
	"switchboard/transport/codes"
	"switchboard/transport/wsconn"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

type gqlErrors = gqlerror.List

// eventFraming makes the events of one operation.
type eventFraming struct{}

var _ framing = eventFraming{}

func (eventFraming) next(payload []byte) wsconn.Frame {
	return wsconn.Frame{Prefix: []byte("event: next\ndata: "), Payload: payload, Suffix: "\n\n"}
}

// failed tells the errors as the last result: the protocol has no event for them.
func (f eventFraming) failed(errs gqlerror.List) wsconn.Frame {
	return wsconn.Frame{Prefix: []byte("event: next\ndata: {\"errors\":"), Payload: codes.Encode(errs), Suffix: "}\n\nevent: complete\ndata:\n\n"}
}

func (eventFraming) complete() wsconn.Frame {
	return wsconn.Frame{Payload: []byte("event: complete\ndata:\n\n")}
}

// events is the stream of one response. Only the handler's goroutine writes, so
// that nothing is written after it has returned. What waits is bounded in bytes:
// when it is too much, the stream is aborted, and the client comes back.
type events struct {
	control *http.ResponseController
	body    io.Writer
	limit   int
	timeout time.Duration
	wake    chan struct{}
	running sync.WaitGroup
	slow    atomic.Bool

	mu      sync.Mutex
	queue   []wsconn.Frame
	bytes   int
	large   int // cost of one large frame in it
	held    budget.Buffer
	taken   chan struct{} // closed when the queue is taken, or dropped; nil unless somebody waits
	ending  bool          // the next frame is the last
	ended   bool          // nothing is taken any more
	aborted bool
}

func newEvents(control *http.ResponseController, body io.Writer, o SocketOptions) *events {
	return &events{control: control, body: body, limit: o.QueueBytes, timeout: o.WriteTimeout, wake: make(chan struct{}, 1)}
}

// send takes a frame and never waits; false when the stream has ended. One
// large frame is not counted.
func (e *events) send(f wsconn.Frame) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return false
	}
	if e.bytes-e.large >= e.limit || !e.held.Set(e.bytes+f.Cost()) {
		e.drop(true)
		return false
	}
	e.queue = append(e.queue, f)
	e.bytes += f.Cost()
	e.large = max(e.large, f.Cost())
	e.ended = e.ending
	e.signal()
	return true
}

// room is nil if little waits to be written, or nothing is taken any more; else it is closed
// once the queue is being written, or dropped.
func (e *events) room() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended || e.bytes < e.limit/wsconn.RoomShare {
		return nil
	}
	if e.taken == nil {
		e.taken = make(chan struct{})
	}
	return e.taken
}

// makeRoom needs mu.
func (e *events) makeRoom() {
	if e.taken != nil {
		close(e.taken)
		e.taken = nil
	}
}

// forget makes the next frame the last one.
func (e *events) forget(*operation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ending = true
}

// comeBack aborts the stream of a client that cannot be told all.
func (e *events) comeBack() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drop(true)
}

// abort ends the stream before it is complete.
func (e *events) abort() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drop(false)
}

// drop needs mu.
func (e *events) drop(slow bool) {
	if e.ended && len(e.queue) == 0 {
		return
	}
	e.slow.Store(slow)
	e.ended, e.aborted, e.queue = true, true, nil
	e.makeRoom()
	// A write in flight ends now.
	_ = e.control.SetWriteDeadline(time.Now())
	e.signal()
}

// over lets nothing more be taken, or run.
func (e *events) over() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended, e.queue = true, nil
	e.makeRoom()
	e.held.Close()
}

// spawn runs f, unless the stream is over, in a goroutine that the handler waits for.
func (e *events) spawn(f func()) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return false
	}
	e.running.Go(f)
	return true
}

// enter counts a goroutine that is to come.
func (e *events) enter() { e.running.Add(1) }

func (e *events) exit() { e.running.Done() }

// signal needs mu.
func (e *events) signal() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// write writes until the stream ends. It is false unless it ended whole.
func (e *events) write(ctx context.Context, alive time.Duration) bool {
	ticker := time.NewTicker(alive)
	defer ticker.Stop()
	if !e.begin() {
		return false
	}
	for {
		batch, ended, aborted := e.take()
		switch {
		case aborted:
			return false
		case len(batch) > 0:
			if !e.put(batch) {
				return false
			}
			continue
		case ended:
			_ = e.control.SetWriteDeadline(time.Time{}) // the connection may serve another request
			return true
		}
		select {
		case <-e.wake:
		case <-ticker.C:
			if !e.put([]byte(":\n\n")) {
				return false
			}
		case <-ctx.Done():
			return false
		}
	}
}

// begin sends the headers at once, and a comment, for proxies that wait for a body.
func (e *events) begin() bool {
	if w, ok := e.body.(http.ResponseWriter); ok {
		header := w.Header()
		header.Set("Content-Type", mediaEvents+"; charset=utf-8")
		header.Set("Cache-Control", "no-store")
		header.Set("X-Accel-Buffering", "no")
		header.Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(http.StatusOK)
	}
	return e.put([]byte(":\n\n"))
}

// take gives what waits, all in one.
func (e *events) take() (batch []byte, ended, aborted bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.queue {
		batch = f.AppendTo(batch)
	}
	e.queue, e.bytes, e.large = nil, 0, 0
	e.held.Set(0)
	e.makeRoom()
	return batch, e.ended, e.aborted
}

func (e *events) put(data []byte) bool {
	e.mu.Lock()
	if !e.aborted {
		_ = e.control.SetWriteDeadline(time.Now().Add(e.timeout))
	}
	e.mu.Unlock()
	if _, err := e.body.Write(data); err != nil {
		return false
	}
	return e.control.Flush() == nil
}
