package transport

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"switchboard/transport/fanout"
	"switchboard/transport/guard"
	"switchboard/transport/wsconn"

	"github.com/99designs/gqlgen/graphql"
)

// WebSocket serves queries, mutations and subscriptions by graphql-transport-ws.
type WebSocket struct {
	gate     *guard.Gate
	options  SocketOptions
	log      *slog.Logger
	groups   *fanout.Groups
	sockets  registry[*socket]
	observer guard.Observer
	journal  guard.Journal
	keep     func(to, from context.Context) context.Context // nil for nothing

	conn    wsconn.Options
	scratch wsconn.WriteBuffers
	readers wsconn.ReadBuffers
	pulse   *pinger
	slow    atomic.Uint64
}

var _ graphql.Transport = (*WebSocket)(nil)

func newWebSocket(gate *guard.Gate, o Options, groups *fanout.Groups) *WebSocket {
	options := o.Socket
	return &WebSocket{
		gate: gate, options: options, groups: groups, observer: o.Observer, journal: o.Journal, keep: o.Keep, log: o.Logger,
		pulse: newPinger(options.PingInterval),
		conn: wsconn.Options{
			WriteTimeout: options.WriteTimeout, CloseGrace: options.CloseGrace, QueueBytes: options.QueueBytes, BinaryCode: int(closeBadRequest),
		},
	}
}

// Supports says whether r wants to become a WebSocket.
func (t *WebSocket) Supports(r *http.Request) bool { return isUpgrade(r) }

// Do upgrades the connection and returns; the socket lives on in a goroutine
// that Shutdown waits for. It keeps nothing of the request.
func (t *WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	reply := &httpReply{w: w, media: mediaJSON, observer: guard.NoObserver{}}
	address := strings.Clone(guard.ClientAddress(r.Context()))
	release, refused := admit(&t.sockets, t.gate, address)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	up := &upgrade{ResponseWriter: w}
	subprotocol, err := up.accept(r, t.options.OriginPatterns)
	if err != nil {
		release()
		if up.raw == nil { // else there is nobody left to answer
			reply.refuse(up.refusal(err))
		}
		return
	}
	s := &socket{
		of: t, exec: exec, leave: release, upgraded: authorization(r.Header),
		ctx: guard.WithRequest(guard.WithAddress(context.Background(), address), strings.Clone(guard.RequestID(r.Context()))),
	}
	if t.keep != nil {
		s.ctx = t.keep(s.ctx, r.Context())
	}
	s.raw, s.out = up.raw, wsconn.New(up.raw, &t.conn, &t.scratch, s)
	if !t.sockets.add(s) {
		_ = s.close(closeRestart, reasonShutdown)
	}
	if !strings.EqualFold(subprotocol, Subprotocol) {
		_ = s.close(closeNoSubprotocol, "Subprotocol not acceptable")
	}
	s.out.AwaitInput(t.options.InitTimeout)
	if len(up.early) > 0 {
		go s.work(t.readers.Take(io.MultiReader(bytes.NewReader(up.early), up.raw)))
		return
	}
	go s.watch()
}

// gone is the end of s.
func (t *WebSocket) gone(s *socket) {
	t.sockets.remove(s)
	end := s.out.Ending()
	t.log.Debug("socket closed", "identity", s.key, "code", int(end.Code), "reason", end.Reason)
	s.leave()
}

// closing counts why sockets are closed.
func (t *WebSocket) closing(end wsconn.Closing) {
	if end.Slow {
		t.slow.Add(1)
	}
	switch {
	case end.ByPeer:
		t.observer.SocketClosed(guard.ClosedByClient)
	case end.Code == 0:
		t.observer.SocketClosed(guard.ClosedByLoss)
	default:
		t.observer.SocketClosed(strconv.Itoa(int(end.Code)))
	}
}

// Sockets returns how many sockets are open or still closing.
func (t *WebSocket) Sockets() int { return t.sockets.count() }

// Shutdown closes every socket with 1012, refuses new ones, and returns when all
// are gone. When ctx ends first it drops the rest and returns the error of ctx.
func (t *WebSocket) Shutdown(ctx context.Context) error {
	gone := t.sockets.drain(func(s *socket) { _ = s.close(closeRestart, reasonShutdown) })
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		t.sockets.each(func(s *socket) { s.out.Abort() })
		return ctx.Err()
	}
}
