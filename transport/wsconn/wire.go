package wsconn

import (
	"encoding/binary"
	"sync"
)

// appendFramed appends f as one WebSocket message: unmasked, as servers send, in
// one frame, not compressed.
func appendFramed(buf []byte, f Frame) []byte {
	if f.framed {
		return f.AppendTo(buf)
	}
	const text = finalFrame | opText
	switch n := f.len(); {
	case n < 126:
		buf = append(buf, text, byte(n))
	case n < 1<<16:
		buf = binary.BigEndian.AppendUint16(append(buf, text, 126), uint16(n))
	default:
		buf = binary.BigEndian.AppendUint64(append(buf, text, 127), uint64(n))
	}
	return f.AppendTo(buf)
}

// scratch is a buffer in which a frame is put together.
type scratch struct{ bytes []byte }

// largeScratch is the size in bytes above which a buffer is not kept.
const largeScratch = 64 << 10

// WriteBuffers are buffers that all writers of a transport share.
type WriteBuffers struct{ pool sync.Pool }

func (s *WriteBuffers) take() *scratch {
	if taken, ok := s.pool.Get().(*scratch); ok {
		return taken
	}
	return new(scratch)
}

func (s *WriteBuffers) give(back *scratch) {
	if cap(back.bytes) <= largeScratch {
		s.pool.Put(back)
	}
}
