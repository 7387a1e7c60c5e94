package transport

import (
	"encoding/json"
	"errors"
	"fmt"

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

func ackFrame() frame { return frame{payload: []byte(`{"type":"connection_ack"}`)} }

func pingFrame() frame { return frame{payload: []byte(`{"type":"ping"}`)} }

// pongFrame answers a ping with the payload it came with.
func pongFrame(payload []byte) frame {
	if payload == nil {
		return frame{payload: []byte(`{"type":"pong"}`)}
	}
	return frame{prefix: []byte(`{"type":"pong","payload":`), payload: closeObject(payload)}
}

// nextPrefix is the constant part of all next messages of one operation: what
// follows is a payload and the closing brace.
func nextPrefix(id string) []byte {
	return []byte(`{"id":` + quote(id) + `,"type":"next","payload":`)
}

func errorFrame(id string, errs gqlerror.List) frame {
	return frame{
		prefix:  []byte(`{"id":` + quote(id) + `,"type":"error","payload":`),
		payload: closeObject(encodeErrors(errs)),
	}
}

func completeFrame(id string) frame {
	return frame{payload: []byte(`{"id":` + quote(id) + `,"type":"complete"}`)}
}

func closeObject(payload []byte) []byte {
	return append(append(make([]byte, 0, len(payload)+1), payload...), '}')
}

func quote(s string) string {
	data, _ := json.Marshal(s) // a string always encodes
	return string(data)
}
