package transport

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"net/http"
	"switchboard/transport/codes"
	"switchboard/transport/guard"

	"github.com/coder/websocket"
)

// upgrade keeps the connection of a request that becomes a WebSocket, and the status
// of one that does not, for a GraphQL error.
type upgrade struct {
	http.ResponseWriter
	raw    net.Conn // nil until it was taken over
	early  []byte   // what the client sent behind its request
	status int
	// subprotocol is the one that was agreed on; empty for none.
	subprotocol string
}

// accept does the handshake, and says which subprotocol came of it. The library is
// asked for no more: what it would keep for each connection is let go.
func (u *upgrade) accept(r *http.Request, origins []string) (subprotocol string, err error) {
	if !hijackable(u.ResponseWriter) {
		u.status = http.StatusNotImplemented
		return "", errors.New("this connection cannot become a WebSocket")
	}
	conn, err := websocket.Accept(u, r, &websocket.AcceptOptions{
		Subprotocols: []string{Subprotocol}, OriginPatterns: origins,
	})
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.CloseNow() }() // closes a parted
	return u.subprotocol, nil
}

// WriteHeader lets only the switch of protocols through.
func (u *upgrade) WriteHeader(status int) {
	u.status = status
	if status == http.StatusSwitchingProtocols {
		u.subprotocol = u.Header().Get("Sec-WebSocket-Protocol")
		spell(u.Header())
		u.ResponseWriter.WriteHeader(status)
	}
}

// spell writes the headers of the handshake as RFC 6455 does. Their names have no case,
// but some clients, such as gql for Python, look for exactly these.
func spell(header http.Header) {
	for _, name := range []string{"Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"} {
		if values, set := header[http.CanonicalHeaderKey(name)]; set {
			delete(header, http.CanonicalHeaderKey(name))
			header[name] = values
		}
	}
}

// Write swallows the plain text of a refused upgrade.
func (u *upgrade) Write(p []byte) (int, error) { return len(p), nil }

// Hijack takes the connection over, and hands on one that is nothing.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	raw, buffers, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	u.raw = raw
	early, _ := buffers.Reader.Peek(buffers.Reader.Buffered())
	u.early = bytes.Clone(early)
	return parted{raw}, buffers, nil
}

// parted is a connection that the library may not touch.
type parted struct{ net.Conn }

// Close does nothing.
func (parted) Close() error { return nil }

func (u *upgrade) refusal(err error) *guard.Refusal {
	code := codes.BadRequest
	if u.status == http.StatusForbidden {
		code = codes.ForbiddenOrigin
	}
	return guard.Refuse(max(u.status, http.StatusBadRequest), code, err.Error())
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
