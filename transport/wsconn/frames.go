package wsconn

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// Kinds of WebSocket frames.
const (
	opContinuation byte = 0x0
	opText         byte = 0x1
	opBinary       byte = 0x2
	opClose        byte = 0x8
	opPing         byte = 0x9
	opPong         byte = 0xA

	finalFrame = 0x80 // the last frame of a message
	maxControl = 125  // bytes of a control frame
	maxStep    = 16 << 10
)

// frameHeader is the beginning of a frame of a client.
type frameHeader struct {
	final bool
	op    byte
	size  int64
	mask  [4]byte
}

// framingError describes a malformed frame. Nothing behind it can be read.
type framingError string

// Error returns the description.
func (e framingError) Error() string { return string(e) }

// readHeader reads the header of a frame. Clients mask what they send, and have
// no extensions that reserved bits could stand for.
func readHeader(r *bufio.Reader) (h frameHeader, err error) {
	first, err := r.ReadByte()
	if err != nil {
		return h, err
	}
	second, err := r.ReadByte()
	if err != nil {
		return h, err
	}
	h.final, h.op, h.size = first&finalFrame != 0, first&0x0F, int64(second&0x7F)
	switch {
	case first&0x70 != 0:
		return h, framingError("reserved bits are set")
	case second&0x80 == 0:
		return h, framingError("frames of a client must be masked")
	case h.op > opBinary && h.op < opClose || h.op > opPong:
		return h, framingError("unknown kind of frame")
	case h.op >= opClose && (!h.final || h.size > maxControl):
		return h, framingError("a control frame must be short and whole")
	}
	if h.size >= 126 {
		if h.size, err = readSize(r, h.size); err != nil {
			return h, err
		}
	}
	for i := range h.mask {
		if h.mask[i], err = r.ReadByte(); err != nil {
			return h, err
		}
	}
	return h, nil
}

// readSize reads a size that did not fit into the second byte, which is code.
func readSize(r *bufio.Reader, code int64) (int64, error) {
	var wide [8]byte
	length := 2
	if code == 127 {
		length = 8
	}
	for i := 8 - length; i < 8; i++ {
		var err error
		if wide[i], err = r.ReadByte(); err != nil {
			return 0, err
		}
	}
	size := binary.BigEndian.Uint64(wide[:])
	if size > 1<<62 {
		return 0, framingError("a frame of that size cannot be")
	}
	return int64(size), nil
}

// appendPayload appends the payload of a frame, unmasked. Bytes that the header
// announces take no memory before they arrive.
func appendPayload(data []byte, r *bufio.Reader, h frameHeader) ([]byte, error) {
	begin := len(data)
	for left := h.size; left > 0; {
		step := int(min(left, maxStep))
		data = slices.Grow(data, step)
		at := len(data)
		data = data[:at+step]
		if _, err := io.ReadFull(r, data[at:]); err != nil {
			return nil, err
		}
		left -= int64(step)
	}
	for i := range data[begin:] {
		data[begin+i] ^= h.mask[i&3]
	}
	return data, nil
}

// controlFrame makes a control frame of a server.
func controlFrame(op byte, payload []byte) Frame {
	return Frame{Prefix: []byte{finalFrame | op, byte(len(payload))}, Payload: payload, framed: true}
}

// closeFrame makes a close frame. Code zero makes one without code and reason.
func closeFrame(code websocket.StatusCode, reason string) Frame {
	if code == 0 {
		return controlFrame(opClose, nil)
	}
	return controlFrame(opClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), fitReason(reason)...)) // codes are below 5000
}

var errClosePayload = framingError("a close frame with a code that must not be sent")

// parseClose returns the code in the payload of a close frame; zero for none.
func parseClose(payload []byte) (websocket.StatusCode, error) {
	if len(payload) == 0 {
		return 0, nil
	}
	if len(payload) == 1 || !utf8.Valid(payload[2:]) {
		return 0, errClosePayload
	}
	code := websocket.StatusCode(binary.BigEndian.Uint16(payload))
	switch {
	case code >= 3000 && code < 5000, code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006:
		return code, nil
	}
	return 0, errClosePayload
}

// BrokenFraming reports whether the framing itself is at fault.
func BrokenFraming(err error) (reason string, ok bool) {
	var broken framingError
	if errors.As(err, &broken) {
		return string(broken), true
	}
	return "", false
}
