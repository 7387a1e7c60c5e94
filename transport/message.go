package transport

import (
	"encoding/json"
	"errors"
	"fmt"

	"switchboard/transport/codes"
	"switchboard/transport/wsconn"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Subprotocol is the WebSocket subprotocol that a client must offer.
const Subprotocol = "graphql-transport-ws"

// maxID is the longest id of an operation, in bytes.
const maxID = 256

// message is what a client sends.
type message struct {
	kind    string
	id      string
	payload json.RawMessage // nil when absent or null
}

// parseMessage returns the message in data. Its errors are short and safe to show.
func parseMessage(data []byte) (message, error) {
	members, err := decodeObject(data)
	if err != nil {
		return message{}, fmt.Errorf("message: %w", err)
	}
	var m message
	if raw, ok := members["type"]; !ok || json.Unmarshal(raw, &m.kind) != nil || m.kind == "" {
		return message{}, errors.New("message: type must be a string")
	}
	if raw := members["payload"]; string(raw) != "null" {
		m.payload = raw
	}
	switch m.kind {
	case "connection_init", "ping", "pong":
		if m.payload != nil && m.payload[0] != '{' {
			return message{}, fmt.Errorf("%s: payload must be an object", m.kind)
		}
	case "subscribe", "complete":
		if raw, ok := members["id"]; !ok || json.Unmarshal(raw, &m.id) != nil || m.id == "" || len(m.id) > maxID {
			return message{}, fmt.Errorf("%s: id must be a string of 1 to %d bytes", m.kind, maxID)
		}
	default:
		return message{}, errors.New("message: unknown type")
	}
	return m, nil
}

func ackFrame() wsconn.Frame { return wsconn.Frame{Payload: []byte(`{"type":"connection_ack"}`)} }

func pingFrame() wsconn.Frame { return wsconn.Frame{Payload: []byte(`{"type":"ping"}`)} }

// pongFrame answers a ping with the payload it came with.
func pongFrame(payload []byte) wsconn.Frame {
	if payload == nil {
		return wsconn.Frame{Payload: []byte(`{"type":"pong"}`)}
	}
	return wsconn.Frame{Prefix: []byte(`{"type":"pong","payload":`), Payload: payload, Suffix: "}"}
}

// socketFraming makes the messages of one operation. Before is the constant part
// of all its next messages.
type socketFraming struct {
	id     string
	before []byte
}

func newSocketFraming(id string) *socketFraming {
	return &socketFraming{id: id, before: []byte(`{"id":` + quote(id) + `,"type":"next","payload":`)}
}

func (f *socketFraming) next(payload []byte) wsconn.Frame {
	return wsconn.Frame{Prefix: f.before, Payload: payload, Suffix: "}"}
}

func (f *socketFraming) failed(errs gqlerror.List) wsconn.Frame {
	return wsconn.Frame{
		Prefix:  []byte(`{"id":` + quote(f.id) + `,"type":"error","payload":`),
		Payload: codes.Encode(errs), Suffix: "}",
	}
}

func (f *socketFraming) complete() wsconn.Frame {
	return wsconn.Frame{Payload: []byte(`{"id":` + quote(f.id) + `,"type":"complete"}`)}
}

func quote(s string) string {
	data, _ := json.Marshal(s) // a string always encodes
	return string(data)
}
