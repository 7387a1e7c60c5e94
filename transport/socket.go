package transport

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"switchboard/transport/codes"
	"switchboard/transport/guard"
	"switchboard/transport/wsconn"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// socket speaks the protocol with one client: it reads messages, starts and
// stops operations, and leaves all writing to its writer. There are many that do
// nothing but wait, so it holds no more than it must.
type socket struct {
	of   *WebSocket
	raw  net.Conn
	out  *wsconn.Conn
	exec graphql.GraphExecutor

	started uint64          // operations, by the goroutine that reads
	ctx     context.Context // of the identity, once there is one; never ends
	// upgraded are the credentials of the upgrade, until the connection is acknowledged.
	upgraded http.Header
	key      string      // names the identity, for logs
	guard    *guard.Conn // nil until the connection is acknowledged
	part     uint8       // when the pulse pings it; guarded by the pulse
	left     func()      // says that the connection is gone; nil before it is acked
	expiry   *time.Timer // of the token; nil for none
	leave    func()      // gives the place of the connection back

	mu      sync.Mutex
	init    context.CancelFunc // ends the authentication that is running
	active  []*operation
	running int
	over    bool // no operation starts any more
	ops     sync.WaitGroup
}

// gone returns when the socket, its operations and its timers are gone. It is
// called when reading has ended.
func (s *socket) gone() {
	s.out.ReadEnded()
	s.of.pulse.remove(s)
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.StopAll()
	if s.acked() {
		s.guard.Leave()
	}
	<-s.out.Done()
	s.out.Release()
	if s.left != nil {
		s.left()
	}
	s.ops.Wait()
	s.of.gone(s)
}

// acked reports whether the peer is authenticated and admitted.
func (s *socket) acked() bool { return s.guard != nil }

// StopAll stops every operation and lets no other begin.
func (s *socket) StopAll() {
	s.mu.Lock()
	s.over = true
	all := s.active
	s.active = nil
	if s.init != nil {
		s.init()
	}
	s.mu.Unlock()
	for _, op := range all {
		op.stop()
	}
}

// close ends the socket; it returns errFatal for callers that stop reading.
func (s *socket) close(code websocket.StatusCode, reason string) error {
	s.out.Close(wsconn.Closing{Code: code, Reason: reason})
	return wsconn.ErrClosing
}

// Closing counts why the connection closes. The connection calls it.
func (s *socket) Closing(end wsconn.Closing) { s.of.closing(end) }

// heard gives the peer until after the next ping to show that it is alive.
func (s *socket) heard() { s.out.AwaitInput(s.of.options.PingInterval + s.of.options.PongTimeout) }

func (s *socket) handle(data []byte) error {
	if s.out.IsClosing() {
		return nil // a closing socket hears the rest out, for the close handshake
	}
	m, err := parseMessage(data)
	if err != nil {
		return s.close(closeBadRequest, err.Error())
	}
	switch m.kind {
	case "connection_init":
		return s.greet(m)
	case "ping":
		s.out.Send(pongFrame(m.payload))
	case "subscribe":
		if !s.acked() {
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
	s.started++ // by the one goroutine that reads
	ctx, cancel := context.WithCancel(guard.WithOperation(s.ctx, s.started))
	op := &operation{
		id: m.id, ctx: ctx, cancel: cancel, exec: s.exec, groups: s.of.groups, guard: s.guard, frames: newSocketFraming(m.id), conn: s, journal: s.of.journal,
	}

	s.mu.Lock()
	if s.find(m.id) >= 0 {
		s.mu.Unlock()
		cancel()
		return s.close(closeSubscriberExists, "Subscriber for "+m.id+" already exists")
	}
	// A stopped operation may take a moment to return, so twice the limit may run.
	most := s.guard.Operations(s.of.options.Operations)
	if len(s.active) >= most || s.running >= 2*most {
		s.mu.Unlock()
		cancel()
		s.out.Send(op.frames.failed(gqlerror.List{codes.New(codes.LimitExceeded,
			fmt.Sprintf("too many operations on one socket: at most %d", most))}))
		s.breached()
		return nil
	}
	s.active = append(s.active, op)
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
		defer s.ended()
		f()
	})
	return true
}

func (s *socket) ended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
}

// enter counts a goroutine that is to come.
func (s *socket) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running++
	s.ops.Add(1)
}

func (s *socket) exit() {
	s.ended()
	s.ops.Done()
}

// comeBack closes the socket so that the client connects again and resumes.
func (s *socket) comeBack() {
	s.out.Close(wsconn.Closing{Code: wsconn.CloseTryAgain, Reason: reasonBehind, Discard: true, Slow: true})
}

// find gives the place of an operation, or -1. It needs mu.
func (s *socket) find(id string) int {
	return slices.IndexFunc(s.active, func(op *operation) bool { return op.id == id })
}

// forget frees the id of an operation, unless it was used again.
func (s *socket) forget(op *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.active, op); i >= 0 {
		s.active = slices.Delete(s.active, i, i+1)
	}
}

// complete stops the operation that the client no longer wants. An unknown id
// is no mistake: it may have ended just now.
func (s *socket) complete(id string) {
	var op *operation
	s.mu.Lock()
	if i := s.find(id); i >= 0 {
		op = s.active[i]
		s.active = slices.Delete(s.active, i, i+1)
	}
	s.mu.Unlock()
	if op != nil {
		op.stop()
	}
}

// send takes a frame of an operation.
func (s *socket) send(f wsconn.Frame) bool { return s.out.Send(f) }

func (s *socket) room() <-chan struct{} { return s.out.Room() }
