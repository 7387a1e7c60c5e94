package transport

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
)

// appendFramed appends f as one WebSocket message: unmasked, as servers send, in
// one frame, not compressed.
func appendFramed(buf []byte, f frame) []byte {
	if f.framed {
		return f.appendTo(buf)
	}
	const text = 0x81 // the last frame of a text message
	switch n := f.len(); {
	case n < 126:
		buf = append(buf, text, byte(n))
	case n < 1<<16:
		buf = binary.BigEndian.AppendUint16(append(buf, text, 126), uint16(n))
	default:
		buf = binary.BigEndian.AppendUint64(append(buf, text, 127), uint64(n))
	}
	return f.appendTo(buf)
}

// scratch is a buffer that frames are put together in.
type scratch struct{ bytes []byte }

// largeScratch is not kept, in bytes.
const largeScratch = 64 << 10

// scratches are buffers that all writers of a transport share.
type scratches struct{ pool sync.Pool }

func (s *scratches) take() *scratch {
	if taken, ok := s.pool.Get().(*scratch); ok {
		return taken
	}
	return new(scratch)
}

func (s *scratches) give(back *scratch) {
	if cap(back.bytes) <= largeScratch {
		s.pool.Put(back)
	}
}

const (
	// readBuffer is what a socket keeps for reading, in bytes: larger messages go
	// past it.
	readBuffer = 512
	// writeBuffer holds any control frame, so that the library writes each at once.
	writeBuffer = 256
)

// pipe is a connection as the library sees it. What the library writes goes
// through the writer, which it must not overtake.
type pipe struct {
	net.Conn
	ahead  io.Reader // what came before the upgrade was done
	writer *writer
}

// newPipe takes over what buffered holds and leaves its large buffers behind.
func newPipe(raw net.Conn, w *writer, buffered *bufio.Reader) *pipe {
	ahead, _ := buffered.Peek(buffered.Buffered())
	return &pipe{Conn: raw, ahead: bytes.NewReader(bytes.Clone(ahead)), writer: w}
}

// Read reads what came early, then the connection.
func (p *pipe) Read(b []byte) (int, error) {
	if p.ahead != nil {
		if n, err := p.ahead.Read(b); err == nil {
			return n, nil
		}
		p.ahead = nil
	}
	return p.Conn.Read(b)
}

// Write takes one control frame of the library.
func (p *pipe) Write(b []byte) (int, error) { return p.writer.Write(b) }

func (p *pipe) buffers() *bufio.ReadWriter {
	return bufio.NewReadWriter(bufio.NewReaderSize(p, readBuffer), bufio.NewWriterSize(p, writeBuffer))
}
