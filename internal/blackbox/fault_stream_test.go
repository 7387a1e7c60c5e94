package blackbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"switchboard/inbox"
	"switchboard/internal/streamcheck"
)

// faultStream is a subscriber: it writes down what it is told, and comes back
// behind its last cursor, to another server, whenever its socket ends.
type faultStream struct {
	// anyone is the address of one of the servers, another with each call.
	anyone    func() string
	name      string
	token     string
	query     string
	variables object
	// item makes of an item what is written down; empty for nothing.
	item func(object) string
	// want is what it should be told.
	want streamcheck.Stream
	// anew says that the stream cannot go on behind a cursor: what falls between
	// is a gap, and where a server stands that is behind, something comes again.
	anew bool
	// resume says from where it goes on; behind the cursor when nil. It is called under the lock.
	resume func(variables object)

	mu       sync.Mutex
	cursor   string
	got      []streamcheck.Item
	times    int    // how often it connected
	refused  string // an error that would be the same again
	toldGaps int    // by the server
}

// run listens until the context ends.
func (s *faultStream) run(ctx context.Context) {
	pause := time.NewTicker(5 * tick)
	defer pause.Stop()
	for s.follow(ctx); ctx.Err() == nil && s.sound(); s.follow(ctx) {
		select { // who comes back again and again leaves no time to be served
		case <-pause.C:
		case <-ctx.Done():
		}
	}
}

func (s *faultStream) sound() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused == ""
}

// follow is one connection. It ends with any fault of the socket, which is what
// the run is about.
func (s *faultStream) follow(ctx context.Context) {
	dialing, cancel := context.WithTimeout(ctx, faultAttempt)
	defer cancel()
	conn, _, err := websocket.Dial(dialing, "ws://"+s.anyone()+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(-1)
	payload, _ := json.Marshal(object{"Authorization": "Bearer " + s.token}) // strings only: it cannot fail
	err = wsjson.Write(ctx, conn, message{Type: "connection_init", Payload: payload})
	for err == nil {
		var m message
		if err = wsjson.Read(ctx, conn, &m); err != nil {
			return
		}
		switch m.Type {
		case "connection_ack":
			err = wsjson.Write(ctx, conn, message{ID: "1", Type: "subscribe", Payload: s.begin()})
		case "ping":
			err = wsjson.Write(ctx, conn, message{Type: "pong"})
		case "next":
			s.hear(m.Payload)
		case "error", "complete":
			s.ended(m)
			return
		}
	}
}

// begin is the subscription, behind what was told last.
func (s *faultStream) begin() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times++
	variables := object{}
	for name, value := range s.variables {
		variables[name] = value
	}
	switch {
	case s.anew:
		s.got = append(s.got, streamcheck.Item{Gap: true, Anew: true})
	case s.resume != nil:
		s.resume(variables)
	default:
		variables["after"] = s.cursor
	}
	text, _ := json.Marshal(object{"query": s.query, "variables": variables}) // plain data: it cannot fail
	return text
}

func (s *faultStream) hear(payload json.RawMessage) {
	var told struct {
		Data   struct{ Root object }
		Errors []any
	}
	err := json.Unmarshal(payload, &told)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || len(told.Errors) > 0 || told.Data.Root == nil {
		s.refused = fmt.Sprintf("an item that is none: %s", payload)
		return
	}
	if cursor, ok := told.Data.Root["cursor"].(string); ok {
		s.cursor = cursor
	}
	if told.Data.Root["gap"] == true {
		s.toldGaps++
		s.got = append(s.got, streamcheck.Item{Gap: true})
	}
	if text := s.item(told.Data.Root); text != "" {
		s.got = append(s.got, streamcheck.Item{Text: text})
	}
}

// ended is told by the server. Only what passes by itself is a reason to come
// back.
func (s *faultStream) ended(m message) {
	var why []struct{ Extensions struct{ Code string } }
	_ = json.Unmarshal(m.Payload, &why) // a complete has none
	passes := len(why) > 0 && slices.Contains([]string{"UNAVAILABLE", "RATE_LIMITED"}, why[0].Extensions.Code)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !passes {
		s.refused = m.Type + " " + string(m.Payload)
	}
}

// record is what it was told so far, beside what it should have been told.
func (s *faultStream) record(events []inbox.Event) (r streamcheck.Record, refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return streamcheck.Record{Subscriber: s.name, Want: s.want.Want(events), Got: slices.Clone(s.got)}, s.refused
}
