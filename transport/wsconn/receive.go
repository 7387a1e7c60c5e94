package wsconn

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/coder/websocket"
)

// readBuffer is how much is read from a connection at once, in bytes.
const readBuffer = 4 << 10

// ReadBuffers are buffers to read with, shared by all connections of a server. A connection
// holds one only while it has something to read. The zero value is ready.
type ReadBuffers struct{ pool sync.Pool }

// Take returns a buffer that reads from a connection. Give it back with Give.
func (rs *ReadBuffers) Take(from io.Reader) *bufio.Reader {
	if taken, ok := rs.pool.Get().(*bufio.Reader); ok {
		taken.Reset(from)
		return taken
	}
	return bufio.NewReaderSize(from, readBuffer)
}

// Give returns a buffer that Take returned. It must not be used afterwards.
func (rs *ReadBuffers) Give(back *bufio.Reader) {
	back.Reset(nil)
	rs.pool.Put(back)
}

// ErrClosing ends the reading after close was called.
var ErrClosing = errors.New("socket closed")

// Receive reads the next message, of at most limit bytes. It returns whole as false
// after a control frame between two messages, which it has answered. Errors: ErrClosing
// when the connection closes because of what the client sent, a framing error (see
// BrokenFraming), io.EOF when the client has closed, and what the network returns.
func (w *Conn) Receive(r *bufio.Reader, limit int64) (data []byte, whole bool, err error) {
	for begun := false; ; {
		h, err := readHeader(r)
		switch {
		case err != nil:
			return nil, false, err
		case h.op >= opClose:
			if err := w.control(r, h); err != nil || !begun {
				return nil, false, err
			}
			continue
		case (h.op == opContinuation) != begun:
			return nil, false, framingError("a message must be continued, and only then")
		case h.op == opBinary:
			w.Close(Closing{Code: websocket.StatusCode(w.options.BinaryCode), Reason: "send messages as text"})
		case int64(len(data))+h.size > limit:
			w.Close(Closing{Code: closeTooBig, Reason: fmt.Sprintf("message over %d bytes", limit)})
		default:
			if data, err = appendPayload(data, r, h); err != nil || h.final {
				return data, true, err
			}
			begun = true
			continue
		}
		if err := skip(r, h.size); err != nil {
			return nil, false, err
		}
		return nil, false, ErrClosing
	}
}

// control answers a control frame: a ping by a pong, a close by a close.
func (w *Conn) control(r *bufio.Reader, h frameHeader) error {
	payload, err := appendPayload(nil, r, h)
	if err != nil {
		return err
	}
	switch h.op {
	case opPing:
		w.Send(controlFrame(opPong, payload))
	case opClose:
		code, err := parseClose(payload)
		if err != nil {
			return err
		}
		w.Close(Closing{Code: code, Discard: true, ByPeer: true})
		return io.EOF
	}
	return nil
}

// Drain reads, after this side has closed with the error that ended the reading,
// until the other side has closed too: dropping a connection that has unread bytes
// may lose the close frame. The deadline of the close bounds it.
func Drain(r *bufio.Reader, err error) {
	for errors.Is(err, ErrClosing) {
		var h frameHeader
		if h, err = readHeader(r); err != nil {
			break
		}
		if err = skip(r, h.size); err != nil || h.op == opClose {
			return
		}
		err = ErrClosing
	}
	if _, broken := BrokenFraming(err); broken {
		_, _ = io.Copy(io.Discard, r)
	}
}

func skip(r *bufio.Reader, size int64) error {
	_, err := io.CopyN(io.Discard, r, size)
	return err
}
