package transport

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// readBuffer is what is taken from a connection at once, in bytes.
const readBuffer = 4 << 10

// readers are buffers for sockets that have something to read. One that waits
// keeps none.
type readers struct{ pool sync.Pool }

func (rs *readers) take(from io.Reader) *bufio.Reader {
	if taken, ok := rs.pool.Get().(*bufio.Reader); ok {
		taken.Reset(from)
		return taken
	}
	return bufio.NewReaderSize(from, readBuffer)
}

func (rs *readers) give(back *bufio.Reader) {
	back.Reset(nil)
	rs.pool.Put(back)
}

// watch waits until there is something to read. Sockets spend their lives in
// here, so its stack is small and no buffer is held: what there is to do is done by
// another goroutine, in the place of this one.
func (s *socket) watch() {
	s.out.readable()
	go s.work(s.of.readers.take(s.out.raw))
}

// work reads and handles what has come, and returns when there is nothing more
// but to wait, or the socket has ended.
func (s *socket) work(r *bufio.Reader) {
	err := s.readAll(r)
	if err == nil {
		s.of.readers.give(r)
		go s.watch()
		return
	}
	s.readFailed(err)
	s.hearOut(r, err)
	s.of.readers.give(r)
	s.gone()
}

// readAll handles messages while there are some. Without an error it ends between
// two messages.
func (s *socket) readAll(r *bufio.Reader) (err error) {
	defer func() {
		if value := recover(); value != nil {
			s.of.log.Error("panic in a socket", "identity", s.key, "panic", value)
			err = s.close(closeInternal, "internal error")
		}
	}()
	for {
		data, whole, err := s.receive(r)
		if err == nil && whole {
			err = s.handle(data)
		}
		if err != nil {
			return err
		}
		if whole && s.acked {
			s.heard()
		}
		if r.Buffered() == 0 && s.out.waits() {
			return nil
		}
	}
}

// receive returns the next message, within the limit on its size; not whole for a
// control frame between messages.
func (s *socket) receive(r *bufio.Reader) (data []byte, whole bool, err error) {
	limit := s.of.options.ReadLimit
	switch {
	case !s.acked:
		limit = min(limit, maxInit)
	case s.class.MessageBytes > 0:
		limit = min(limit, s.class.MessageBytes)
	}
	for begun := false; ; {
		h, err := readHeader(r)
		switch {
		case err != nil:
			return nil, false, err
		case h.op >= opClose:
			if err := s.control(r, h); err != nil || !begun {
				return nil, false, err
			}
			continue
		case (h.op == opContinuation) != begun:
			return nil, false, framingError("a message must be continued, and only then")
		case h.op == opBinary:
			_ = s.close(closeBadRequest, "send messages as text")
		case int64(len(data))+h.size > limit:
			_ = s.close(closeTooBig, fmt.Sprintf("message over %d bytes", limit))
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
		return nil, false, errFatal
	}
}

// control does what a control frame asks for.
func (s *socket) control(r *bufio.Reader, h frameHeader) error {
	payload, err := appendPayload(nil, r, h)
	if err != nil {
		return err
	}
	switch h.op {
	case opPing:
		s.out.enqueue(controlFrame(opPong, payload))
	case opClose:
		code, err := parseClose(payload)
		if err != nil {
			return err
		}
		s.out.close(closing{code: code, discard: true, byPeer: true})
		return io.EOF
	}
	return nil
}

// readFailed closes what is not closing yet.
func (s *socket) readFailed(err error) {
	if reason, broken := isBroken(err); broken {
		_ = s.close(closeProtocolError, reason)
		return
	}
	switch {
	case errors.Is(err, errFatal):
	case errors.Is(err, os.ErrDeadlineExceeded) && !s.acked:
		_ = s.close(closeInitTimeout, "connection initialisation timeout")
	case errors.Is(err, os.ErrDeadlineExceeded):
		_ = s.close(closeTryAgain, reasonNoPong)
	default:
		// The peer has closed or gone.
		if !s.out.isClosing() {
			s.out.abort()
		}
	}
}

// hearOut reads, after this side has closed, until the other has too: a connection
// that is dropped with something unread may take the close frame along. The
// deadline of the close bounds it.
func (s *socket) hearOut(r *bufio.Reader, err error) {
	for errors.Is(err, errFatal) {
		var h frameHeader
		if h, err = readHeader(r); err != nil {
			break
		}
		if err = skip(r, h.size); err != nil || h.op == opClose {
			return
		}
		err = errFatal
	}
	if _, broken := isBroken(err); broken {
		_, _ = io.Copy(io.Discard, r)
	}
}

func skip(r *bufio.Reader, size int64) error {
	_, err := io.CopyN(io.Discard, r, size)
	return err
}
