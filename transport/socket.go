package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// socket speaks the protocol with one client: it reads messages, starts and
// stops operations, and leaves all writing to its writer.
type socket struct {
	conn    *websocket.Conn
	out     *writer
	exec    graphql.GraphExecutor
	options SocketOptions
	auth    Authenticator
	onPanic func(key string, value any)

	ctx    context.Context // of the identity, once there is one
	key    string          // names the identity, for logs
	acked  bool
	left   func() // says that the connection is gone; nil before it is acked
	timers []*time.Timer

	groups *groups
	places *connections

	mu      sync.Mutex
	active  map[string]*operation
	running int
	over    bool // no operation starts any more
	ops     sync.WaitGroup
}

// errFatal ends the read loop after close was called.
var errFatal = errors.New("socket closed")

// run returns when the socket, its operations and its timers are gone.
func (s *socket) run() {
	s.read()
	for _, timer := range s.timers {
		timer.Stop()
	}
	s.stopAll()
	if s.acked {
		s.places.leave(s.key)
	}
	<-s.out.done
	if s.left != nil {
		s.left()
	}
	s.ops.Wait()
}

// stopAll stops every operation and lets no other begin.
func (s *socket) stopAll() {
	s.mu.Lock()
	s.over = true
	all := s.active
	s.active = map[string]*operation{}
	s.mu.Unlock()
	for _, op := range all {
		op.stop()
	}
}

// read handles messages until the connection ends or is closed.
func (s *socket) read() {
	defer func() {
		if value := recover(); value != nil {
			s.onPanic(s.key, value)
			_ = s.close(closeInternal, "internal error")
		}
	}()
	s.out.awaitInput(s.options.InitTimeout)
	for {
		data, err := s.receive()
		if err == nil {
			err = s.handle(data)
		}
		if err != nil {
			s.readFailed(err)
			return
		}
		if s.acked {
			s.heard()
		}
	}
}

// receive returns the next message, within the limit on its size.
func (s *socket) receive() ([]byte, error) {
	kind, reader, err := s.conn.Reader(context.Background())
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageText {
		return nil, s.close(closeBadRequest, "send messages as text")
	}
	limit := s.options.ReadLimit
	if !s.acked {
		limit = min(limit, maxInit)
	}
	data, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, s.close(closeTooBig, fmt.Sprintf("message over %d bytes", limit))
	}
	return data, nil
}

// readFailed closes what is not closing yet.
func (s *socket) readFailed(err error) {
	switch {
	case errors.Is(err, errFatal):
	case errors.Is(err, os.ErrDeadlineExceeded) && !s.acked:
		_ = s.close(closeInitTimeout, "connection initialisation timeout")
	case errors.Is(err, os.ErrDeadlineExceeded):
		_ = s.close(closeTryAgain, reasonNoPong)
	default:
		// The peer has closed or gone, or broke the framing and was told by the library.
		s.out.abort()
	}
}

// close ends the socket; it returns errFatal for callers that stop reading.
func (s *socket) close(code websocket.StatusCode, reason string) error {
	s.out.close(closing{code: code, reason: reason})
	return errFatal
}

// heard gives the peer until after the next ping to show that it is alive.
func (s *socket) heard() { s.out.awaitInput(s.options.PingInterval + s.options.PongTimeout) }

func (s *socket) handle(data []byte) error {
	if s.out.isClosing() {
		return nil // a closing socket hears the rest out, for the close handshake
	}
	m, err := parseMessage(data)
	if err != nil {
		return s.close(closeBadRequest, err.Error())
	}
	switch m.kind {
	case "connection_init":
		return s.init(m)
	case "ping":
		s.out.enqueue(pongFrame(m.payload))
	case "subscribe":
		if !s.acked {
			return s.close(closeUnauthorized, "unauthorized")
		}
		return s.subscribe(m)
	case "complete":
		s.complete(m.id)
	}
	return nil
}

// subscribe starts an operation, each in a goroutine of its own.
func (s *socket) subscribe(m message) error {
	if len(m.payload) == 0 || m.payload[0] != '{' {
		return s.close(closeBadRequest, "subscribe: payload must be an object")
	}
	params, err := decodeParams(m.payload)
	if err != nil {
		return s.close(closeBadRequest, "subscribe: "+err.Error())
	}
	ctx, cancel := context.WithCancel(s.ctx)
	op := &operation{
		id: m.id, ctx: ctx, cancel: cancel, exec: s.exec, groups: s.groups, frames: newSocketFraming(m.id),
		out: s.out.enqueue, comeBack: s.comeBack, forget: s.forget, spawn: s.spawn,
	}

	s.mu.Lock()
	if s.active[m.id] != nil {
		s.mu.Unlock()
		cancel()
		return s.close(closeSubscriberExists, "Subscriber for "+m.id+" already exists")
	}
	// A stopped operation may take a moment to return, so twice the limit may run.
	if len(s.active) >= s.options.Operations || s.running >= 2*s.options.Operations {
		s.mu.Unlock()
		cancel()
		s.out.enqueue(op.frames.failed(gqlerror.List{coded(CodeLimitExceeded,
			fmt.Sprintf("too many operations on one socket: at most %d", s.options.Operations))}))
		return nil
	}
	s.active[m.id] = op
	s.mu.Unlock()
	s.spawn(func() { op.run(params) })
	return nil
}

// spawn runs f, unless the socket is over, in a goroutine that run waits for.
func (s *socket) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return false
	}
	s.running++
	s.ops.Go(func() {
		defer func() {
			s.mu.Lock()
			s.running--
			s.mu.Unlock()
		}()
		f()
	})
	return true
}

// comeBack closes the socket so that the client connects again and resumes.
func (s *socket) comeBack() {
	s.out.close(closing{code: closeTryAgain, reason: reasonBehind, discard: true, slow: true})
}

// forget frees the id of an operation, unless it was used again.
func (s *socket) forget(op *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.active[op.id] == op {
		delete(s.active, op.id)
	}
}

// complete stops the operation that the client no longer wants. An unknown id
// is no mistake: it may have ended just now.
func (s *socket) complete(id string) {
	s.mu.Lock()
	op := s.active[id]
	delete(s.active, id)
	s.mu.Unlock()
	if op != nil {
		op.stop()
	}
}
