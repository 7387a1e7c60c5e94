package transport

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// WebSocket serves queries, mutations and subscriptions by graphql-transport-ws.
type WebSocket struct {
	auth    Authenticator
	options SocketOptions
	log     *slog.Logger
	groups  *groups
	sockets registry[*socket]
	places  *connections
	scratch scratches
	slow    atomic.Uint64
}

var _ graphql.Transport = (*WebSocket)(nil)

func newWebSocket(auth Authenticator, options SocketOptions, groups *groups, places *connections, log *slog.Logger) *WebSocket {
	return &WebSocket{auth: auth, options: options, groups: groups, places: places, log: log}
}

// Supports says whether r wants to become a WebSocket.
func (t *WebSocket) Supports(r *http.Request) bool { return isUpgrade(r) }

// Do upgrades the connection and returns; the socket lives on in a goroutine
// that Shutdown waits for.
func (t *WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	reply := &httpReply{w: w, media: mediaJSON, observer: nobody{}}
	release, refused := admit(&t.sockets, t.places)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	up := &upgrade{ResponseWriter: w, makeWriter: func(raw net.Conn) *writer {
		return newWriter(raw, t.options, &t.scratch, func(end closing) { t.closing(end); cancel() })
	}}
	conn, err := up.accept(r, t.options.OriginPatterns)
	if err != nil {
		cancel()
		release()
		if up.writer == nil { // else there is nobody left to answer
			reply.refuse(up.refusal(err))
		}
		return
	}
	s := t.newSocket(ctx, up.writer, exec)
	if !t.sockets.add(s) {
		_ = s.close(closeRestart, reasonShutdown)
	}
	if !strings.EqualFold(conn.Subprotocol(), Subprotocol) {
		_ = s.close(closeNoSubprotocol, "Subprotocol not acceptable")
	}
	go func() {
		defer release()
		defer t.sockets.remove(s)
		s.run()
		t.log.Debug("socket closed", "identity", s.key, "code", int(s.out.end.code), "reason", s.out.end.reason)
	}()
}

// closing counts why sockets are closed.
func (t *WebSocket) closing(end closing) {
	if end.slow {
		t.slow.Add(1)
	}
}

func (t *WebSocket) newSocket(ctx context.Context, out *writer, exec graphql.GraphExecutor) *socket {
	return &socket{
		conn: out.conn, out: out, exec: exec, groups: t.groups, places: t.places,
		options: t.options, auth: t.auth, ctx: ctx, active: map[string]*operation{},
		onPanic: func(key string, value any) {
			t.log.Error("panic in a socket", "identity", key, "panic", value)
		},
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
		t.sockets.each(func(s *socket) { s.out.abort() })
		return ctx.Err()
	}
}
