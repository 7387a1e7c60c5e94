//go:build unix

package wsconn

import (
	"errors"
	"net"
	"syscall"
)

// direct writes to a connection without ever waiting. It is for one caller at a
// time.
type direct struct {
	conn syscall.RawConn
	once func(fd uintptr) bool // kept, so that a write allocates nothing
	buf  []byte
	n    int
	err  error
}

// newDirect is nil for a connection that is not a plain one, such as TLS.
func newDirect(conn net.Conn) *direct {
	plain, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := plain.SyscallConn()
	if err != nil {
		return nil
	}
	d := &direct{conn: raw}
	d.once = func(fd uintptr) bool {
		for d.n, d.err = writeOnce(int(fd), d.buf); errors.Is(d.err, syscall.EINTR); {
			d.n, d.err = writeOnce(int(fd), d.buf)
		}
		return true // done, whatever was taken
	}
	return d
}

// peeks is false when there is nothing to read yet.
func peeks(fd uintptr) bool {
	var one [1]byte
	for {
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
		if !errors.Is(err, syscall.EINTR) {
			return !errors.Is(err, syscall.EAGAIN)
		}
	}
}

// readable waits until there is something to read, or reading would fail. It takes
// no buffer meanwhile.
func (d *direct) readable() { _ = d.conn.Read(peeks) }

// write returns how much of buf the connection took at once.
func (d *direct) write(buf []byte) (int, error) {
	d.buf = buf
	err := d.conn.Write(d.once)
	d.buf = nil
	switch {
	case err != nil:
		return 0, err
	case errors.Is(d.err, syscall.EAGAIN):
		return 0, nil
	}
	return max(d.n, 0), d.err
}
