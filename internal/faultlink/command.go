package faultlink

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// The parts of MongoDB's wire protocol that are looked at: the header of a message,
// and the first element of a command, whose key names it and whose value names the
// collection.
const (
	headerBytes = 16
	largest     = 64 << 20 // of a message; MongoDB allows 48 MB
	opMessage   = 2013
	// Flags stand before the sections of an OP_MSG.
	flagBytes  = 4
	moreToCome = 1 << 1
	bsonString = 0x02
)

var errNotWire = errors.New("faultlink: what came is not a message of the wire protocol")

// packet is one message as it came, header included.
type packet struct {
	raw             []byte
	id, answers, op int32
}

// readPacket reads the next message. Errors: those of r, io.EOF at the end between
// two messages, errNotWire.
func readPacket(r io.Reader) (packet, error) {
	head := make([]byte, headerBytes)
	if _, err := io.ReadFull(r, head); err != nil {
		return packet{}, err
	}
	length := int32At(head, 0)
	if length < headerBytes || length > largest {
		return packet{}, errNotWire
	}
	raw := append(make([]byte, 0, length), head...)[:length]
	if _, err := io.ReadFull(r, raw[headerBytes:]); err != nil {
		return packet{}, err
	}
	return packet{raw: raw, id: int32At(head, 4), answers: int32At(head, 8), op: int32At(head, 12)}, nil
}

func int32At(b []byte, at int) int32 {
	return int32(binary.LittleEndian.Uint32(b[at:])) //nolint:gosec // the protocol's own integers
}

// more reports whether another answer follows that nobody asks for.
func (p packet) more() bool {
	return p.op == opMessage && len(p.raw) >= headerBytes+flagBytes && int32At(p.raw, headerBytes)&moreToCome != 0
}

// Command is what a request asks for.
type Command struct {
	// Name is the command's, such as "find"; "other" for what is not an OP_MSG.
	Name string
	// Collection is empty for commands that name none.
	Collection string
}

// command reads what a request asks for.
func (p packet) command() Command {
	other := Command{Name: "other"}
	if p.op != opMessage {
		return other
	}
	body := p.raw[headerBytes:]
	// The flags, the kind of the section (0: one document), the document's length.
	if len(body) < flagBytes+1+4+1 || body[flagBytes] != 0 {
		return other
	}
	element := body[flagBytes+1+4:]
	end := bytes.IndexByte(element[1:], 0)
	if end < 0 {
		return other
	}
	return Command{Name: string(element[1 : 1+end]), Collection: text(element[0], element[1+end+1:])}
}

// text is a value of type string; empty for other types.
func text(kind byte, value []byte) string {
	if kind != bsonString || len(value) < 4 {
		return ""
	}
	length := int(int32At(value, 0))
	if length < 1 || 4+length > len(value) {
		return ""
	}
	return string(value[4 : 4+length-1])
}
