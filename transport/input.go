package transport

import (
	"bufio"
	"errors"
	"os"

	"switchboard/transport/wsconn"
)

// watch waits until there is something to read. Sockets spend their lives in
// here, so its stack is small and no buffer is held: what there is to do is done by
// another goroutine, in the place of this one.
func (s *socket) watch() {
	s.out.AwaitReadable()
	go s.work(s.of.readers.Take(s.raw))
}

// work reads and handles what has come, and returns when there is nothing more
// but to wait, or the socket has ended.
func (s *socket) work(r *bufio.Reader) {
	err := s.readAll(r)
	if err == nil {
		s.of.readers.Give(r)
		go s.watch()
		return
	}
	s.readFailed(err)
	wsconn.Drain(r, err)
	s.of.readers.Give(r)
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
		data, whole, err := s.out.Receive(r, s.readLimit())
		if err == nil && whole {
			err = s.handle(data)
		}
		if err != nil {
			return err
		}
		if whole && s.acked() {
			s.heard()
		}
		if r.Buffered() == 0 && s.out.WaitsForInput() {
			return nil
		}
	}
}

// readLimit returns the size of the largest message that the client may send now, in
// bytes.
func (s *socket) readLimit() int64 {
	limit := s.of.options.ReadLimit
	if s.acked() {
		return s.guard.MessageBytes(limit)
	}
	return min(limit, maxInit)
}

// readFailed closes what is not closing yet.
func (s *socket) readFailed(err error) {
	if reason, broken := wsconn.BrokenFraming(err); broken {
		_ = s.close(wsconn.CloseProtocolError, reason)
		return
	}
	switch {
	case errors.Is(err, wsconn.ErrClosing):
	case errors.Is(err, os.ErrDeadlineExceeded) && !s.acked():
		_ = s.close(closeInitTimeout, "connection initialisation timeout")
	case errors.Is(err, os.ErrDeadlineExceeded):
		_ = s.close(wsconn.CloseTryAgain, reasonNoPong)
	default:
		// The peer has closed or gone.
		if !s.out.IsClosing() {
			s.out.Abort()
		}
	}
}
