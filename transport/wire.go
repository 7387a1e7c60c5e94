package transport

import (
	"encoding/binary"
	"sync"
)

// appendFramed appends f as one WebSocket message: unmasked, as servers send, in
// one frame, not compressed.
func appendFramed(buf []byte, f frame) []byte {
	if f.framed {
		return f.appendTo(buf)
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
