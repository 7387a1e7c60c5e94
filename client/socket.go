package client

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

const (
	protocol  = "graphql-transport-ws"
	largest   = 32 << 20 // bytes of a message
	pingEvery = 20 * time.Second
	pongIn    = 10 * time.Second
)

type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// follow is one connection, to its end: nil if the server completed the subscription.
func (s *subscription) follow(ctx context.Context, token string) error {
	ctx, cancel := context.WithCancel(ctx)
	//nolint:bodyclose // the library says that the body of a response to a handshake need not be closed
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.client.url, "http"), &websocket.DialOptions{
		Subprotocols: []string{protocol}, HTTPClient: s.client.options.HTTP,
	})
	if err != nil {
		cancel()
		return err
	}
	conn.SetReadLimit(largest)
	alive := make(chan struct{})
	go func() {
		defer close(alive)
		keepAlive(ctx, conn)
	}()
	defer func() {
		cancel()
		_ = conn.CloseNow()
		<-alive
	}()
	return s.talk(ctx, conn, token)
}

func (s *subscription) talk(ctx context.Context, conn *websocket.Conn, token string) error {
	begin := map[string]any{"type": "connection_init", "payload": map[string]string{"Authorization": "Bearer " + token}}
	err := wsjson.Write(ctx, conn, begin)
	for err == nil {
		var m message
		if err = wsjson.Read(ctx, conn, &m); err != nil {
			return err
		}
		switch m.Type {
		case "connection_ack":
			payload := map[string]any{"query": s.query, "operationName": s.name, "variables": s.variables}
			err = wsjson.Write(ctx, conn, map[string]any{"id": "1", "type": "subscribe", "payload": payload})
		case "ping":
			err = wsjson.Write(ctx, conn, message{Type: "pong"})
		case "next":
			err = s.take(m.Payload)
		case "error":
			return faultOf(m.Payload)
		case "complete":
			return nil
		}
	}
	return err
}

// keepAlive finds a connection that died without a word, and closes it.
func keepAlive(ctx context.Context, conn *websocket.Conn) {
	every := time.NewTicker(pingEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		within, cancel := context.WithTimeout(ctx, pongIn)
		err := conn.Ping(within)
		cancel()
		if err != nil {
			_ = conn.CloseNow()
			return
		}
	}
}

// fault is what the server answered instead of items.
type fault struct{ entries []faultEntry }

type faultEntry struct {
	Message    string         `json:"message"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

func faultOf(payload json.RawMessage) error {
	f := &fault{}
	if err := json.Unmarshal(payload, &f.entries); err != nil {
		return fmt.Errorf("read an error of the server: %w", err)
	}
	return f
}

// Error is the first message.
func (f *fault) Error() string {
	if len(f.entries) == 0 {
		return "the server answered with an error"
	}
	return f.entries[0].Message
}

func (f *fault) code() string {
	if len(f.entries) == 0 {
		return ""
	}
	code, _ := f.entries[0].Extensions["code"].(string)
	return code
}

func (f *fault) payload() json.RawMessage {
	text, _ := json.Marshal(map[string]any{"errors": f.entries})
	return text
}

func refusedPayload(reason string) json.RawMessage {
	return (&fault{[]faultEntry{{Message: reason, Extensions: map[string]any{"code": "UNAUTHENTICATED"}}}}).payload()
}

func endedPayload(reason string) json.RawMessage {
	return (&fault{[]faultEntry{{Message: reason}}}).payload()
}
