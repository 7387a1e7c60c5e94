package transport

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
)

// SocketOptions bound a socket. Zero fields take the default.
type SocketOptions struct {
	// OriginPatterns names hosts beside the server's own from which browsers may
	// connect, as path.Match patterns: "app.example.com", "https://*.example.com".
	OriginPatterns []string
	// InitTimeout is how long a client has to send connection_init, and how long
	// the Authenticator has to answer. Default 10 s.
	InitTimeout time.Duration
	// PingInterval is the time between pings of the server. Default 15 s.
	PingInterval time.Duration
	// PongTimeout is how long after a ping a silent client counts as dead. Default 10 s.
	PongTimeout time.Duration
	// WriteTimeout bounds the writing of one frame. Default 10 s.
	WriteTimeout time.Duration
	// CloseGrace bounds what remains to be sent and the close handshake. Default 3 s.
	CloseGrace time.Duration
	// ReadLimit is the largest message from a client in bytes. Default 1 MiB; 16 KiB
	// at most before the client is authenticated.
	ReadLimit int64
	// QueueBytes is how much may wait to be written to a client. Default 1 MiB.
	QueueBytes int
	// Operations is how many may run on one socket. Default 100.
	Operations int
}

func (o SocketOptions) withDefaults() SocketOptions {
	for _, field := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&o.InitTimeout, 10 * time.Second}, {&o.PingInterval, 15 * time.Second},
		{&o.PongTimeout, 10 * time.Second}, {&o.WriteTimeout, 10 * time.Second}, {&o.CloseGrace, 3 * time.Second},
	} {
		if *field.value <= 0 {
			*field.value = field.fallback
		}
	}
	if o.ReadLimit <= 0 {
		o.ReadLimit = 1 << 20
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = 1 << 20
	}
	if o.Operations <= 0 {
		o.Operations = 100
	}
	return o
}

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
	reply := &httpReply{w: w, media: mediaJSON}
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

// upgrade keeps the raw connection of a request that becomes a WebSocket, for
// deadlines, and the status of one that does not, for a GraphQL error.
type upgrade struct {
	http.ResponseWriter
	raw    net.Conn
	status int
}

func (u *upgrade) accept(r *http.Request, origins []string) (*websocket.Conn, error) {
	if !hijackable(u.ResponseWriter) {
		u.status = http.StatusNotImplemented
		return nil, errors.New("this connection cannot become a WebSocket")
	}
	conn, err := websocket.Accept(u, r, &websocket.AcceptOptions{
		Subprotocols: []string{Subprotocol}, OriginPatterns: origins,
	})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1) // socket has a limit with a close of its own
	return conn, nil
}

// WriteHeader lets only the switch of protocols through.
func (u *upgrade) WriteHeader(status int) {
	u.status = status
	if status == http.StatusSwitchingProtocols {
		u.ResponseWriter.WriteHeader(status)
	}
}

// Write swallows the plain text of a refused upgrade.
func (u *upgrade) Write(p []byte) (int, error) { return len(p), nil }

// Hijack hands the connection over and remembers it.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	raw, buffers, err := http.NewResponseController(u.ResponseWriter).Hijack()
	u.raw = raw
	return raw, buffers, err
}

func (u *upgrade) refusal(err error) *refusal {
	code := CodeBadRequest
	if u.status == http.StatusForbidden {
		code = CodeForbiddenOrigin
	}
	return refuse(max(u.status, http.StatusBadRequest), code, err.Error())
}

func hijackable(w http.ResponseWriter) bool {
	for {
		switch inner := w.(type) {
		case http.Hijacker:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = inner.Unwrap()
		default:
			return false
		}
	}
}
