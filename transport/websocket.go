package transport

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
)

// WebSocket serves queries, mutations and subscriptions by graphql-transport-ws.
// Make one with NewWebSocket.
type WebSocket struct {
	auth    Authenticator
	options SocketOptions
	log     *slog.Logger
	sockets registry
}

var _ graphql.Transport = (*WebSocket)(nil)

// NewWebSocket returns a transport without sockets.
func NewWebSocket(auth Authenticator, options SocketOptions, log *slog.Logger) *WebSocket {
	return &WebSocket{auth: auth, options: options.withDefaults(), log: log}
}

// Supports says whether r wants to become a WebSocket.
func (t *WebSocket) Supports(r *http.Request) bool { return isUpgrade(r) }

// Do upgrades the connection and returns; the socket lives on in a goroutine
// that Shutdown waits for.
func (t *WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	reply := &httpReply{w: w, media: mediaJSON, observer: nobody{}}
	release, ok := t.sockets.reserve()
	if !ok {
		no := refuse(http.StatusServiceUnavailable, CodeUnavailable, reasonShutdown)
		no.header.Set("Retry-After", "1")
		reply.refuse(no)
		return
	}
	up := &upgrade{ResponseWriter: w}
	conn, err := up.accept(r, t.options.OriginPatterns)
	if err != nil {
		release()
		if up.raw == nil { // else there is nobody left to answer
			reply.refuse(up.refusal(err))
		}
		return
	}
	s := t.newSocket(context.WithoutCancel(r.Context()), conn, up.raw, exec)
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

func (t *WebSocket) newSocket(ctx context.Context, conn *websocket.Conn, raw net.Conn, exec graphql.GraphExecutor) *socket {
	ctx, cancel := context.WithCancel(ctx)
	return &socket{
		conn: conn, out: newWriter(conn, raw, t.options, cancel), exec: exec,
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
