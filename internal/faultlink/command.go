package faultlink

import (
	"encoding/binary"
	"errors"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The parts of MongoDB's wire protocol that are looked at: the header of a message,
// and the document of its first section, whose first element names the command and
// the collection.
const (
	headerBytes = 16
	largest     = 64 << 20 // of a message; MongoDB allows 48 MB
	opMessage   = 2013
	// Flags stand before the sections of an OP_MSG, and a byte before each section.
	flagBytes  = 4
	bodyAt     = headerBytes + flagBytes + 1
	moreToCome = 1 << 1
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
	// Stream says that the command opens a change stream or reads one.
	Stream bool
}

// document is what a message says, without sequences of documents that follow it;
// nil for what is not an OP_MSG.
func (p packet) document() bson.Raw {
	if p.op != opMessage || len(p.raw) <= bodyAt || p.raw[bodyAt-1] != 0 {
		return nil
	}
	length, ok := int32(0), len(p.raw) >= bodyAt+4
	if ok {
		length = int32At(p.raw, bodyAt)
	}
	if !ok || length < 5 || int(length) > len(p.raw)-bodyAt {
		return nil
	}
	return p.raw[bodyAt : bodyAt+int(length)]
}

// command reads what a request asks for. Streams are the ids of open change streams.
func (p packet) command(streams map[int64]bool) Command {
	body := p.document()
	first, err := body.IndexErr(0)
	if err != nil {
		return Command{Name: "other"}
	}
	c := Command{Name: first.Key()}
	c.Collection, _ = first.Value().StringValueOK()
	switch c.Name {
	case "aggregate":
		_, err := body.LookupErr("pipeline", "0", "$changeStream")
		c.Stream = err == nil
	case "getMore":
		id, _ := first.Value().AsInt64OK()
		c.Collection, _ = body.Lookup("collection").StringValueOK()
		c.Stream = streams[id]
	}
	return c
}

// replaced is the message with another document, for the answer to a command.
func (p packet) replaced(document bson.D) (packet, error) {
	body, err := bson.Marshal(document)
	if err != nil {
		return p, err
	}
	raw := append(append([]byte{}, p.raw[:bodyAt]...), body...)
	binary.LittleEndian.PutUint32(raw, uint32(len(raw))) //nolint:gosec // far below the largest message
	p.raw = raw
	return p, nil
}
