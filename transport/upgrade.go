package transport

import (
	"bufio"
	"errors"
	"net"
	"net/http"

	"github.com/coder/websocket"
)

// upgrade keeps the writer of a request that becomes a WebSocket, and the status
// of one that does not, for a GraphQL error.
type upgrade struct {
	http.ResponseWriter
	// writer makes the one who writes to the connection that is to be had.
	makeWriter func(net.Conn) *writer
	writer     *writer
	status     int
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
	u.writer.conn = conn
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

// Hijack hands the connection over as a pipe through the writer.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	raw, buffers, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	u.writer = u.makeWriter(raw)
	through := newPipe(raw, u.writer, buffers.Reader)
	return through, through.buffers(), nil
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
