package blackbox_test

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"
)

// message is one of graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket is a connection whose messages are collected as they come.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
	next int

	mu    sync.Mutex
	heard []message
	err   error         // why it ended
	news  chan struct{} // holds a token when there is something to look at
	gone  chan struct{} // closed once nothing more can come
}

// dial opens a socket and presents a token; the server may refuse it.
func (c *client) dial() *socket {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+c.addr+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPClient: c.http})
	require.NoError(c.t, err)
	conn.SetReadLimit(-1)
	s := &socket{t: c.t, conn: conn, news: make(chan struct{}, 1), gone: make(chan struct{})}
	go s.listen()
	c.t.Cleanup(func() { _ = conn.CloseNow(); <-s.gone })
	payload := object{}
	if c.token != "" {
		payload["Authorization"] = "Bearer " + c.token
	}
	s.say(message{Type: "connection_init", Payload: encode(c.t, payload)})
	return s
}

// connect opens a socket that the server acknowledges.
func (c *client) connect() *socket {
	c.t.Helper()
	s := c.dial()
	s.await("the acknowledgement", func(m message) bool { return m.Type == "connection_ack" })
	return s
}

// listen collects until the socket ends, and answers pings.
func (s *socket) listen() {
	defer close(s.gone)
	for {
		var m message
		err := wsjson.Read(context.Background(), s.conn, &m)
		if err == nil && m.Type == "ping" {
			err = wsjson.Write(context.Background(), s.conn, message{Type: "pong"})
		}
		s.mu.Lock()
		if err != nil {
			s.err = err
			s.mu.Unlock()
			return
		}
		s.heard = append(s.heard, m)
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default: // there is a token already
		}
	}
}

func encode(t *testing.T, value any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return data
}

func (s *socket) say(m message) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	require.NoError(s.t, wsjson.Write(ctx, s.conn, m))
}

// all gives what was heard so far.
func (s *socket) all() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]message(nil), s.heard...)
}

// await gives the first message that is wanted, past or to come.
func (s *socket) await(what string, wanted func(message) bool) message {
	s.t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		ended := s.ended()
		for _, m := range s.all() {
			if wanted(m) {
				return m
			}
		}
		require.False(s.t, ended, "the socket ended before %s: %v", what, s.err)
		select {
		case <-s.news:
		case <-s.gone:
		case <-timer.C:
			require.FailNow(s.t, "nothing came", "waiting for %s, heard %d messages", what, len(s.all()))
		}
	}
}

func (s *socket) ended() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

// closed waits for the server to end the socket, and gives code and reason.
func (s *socket) closed() (websocket.StatusCode, string) {
	s.t.Helper()
	select {
	case <-s.gone:
	case <-time.After(patience):
		require.FailNow(s.t, "the socket stays open")
	}
	var end websocket.CloseError
	require.ErrorAs(s.t, s.err, &end, "no close frame: %v", s.err)
	return end.Code, end.Reason
}

// stream is one subscription.
type stream struct {
	*socket
	id string
}

func (s *socket) subscribe(query string, variables object) *stream {
	s.t.Helper()
	s.next++
	id := strconv.Itoa(s.next)
	s.say(message{ID: id, Type: "subscribe", Payload: encode(s.t, object{"query": query, "variables": variables})})
	return &stream{s, id}
}

// items are the root fields of what the subscription told so far.
func (s *stream) items() []object {
	s.t.Helper()
	var out []object
	for _, m := range s.all() {
		if m.ID == s.id && m.Type == "next" {
			out = append(out, s.root(m))
		}
	}
	return out
}

func (s *stream) root(m message) object {
	s.t.Helper()
	var answer struct {
		Data   map[string]object
		Errors []any
	}
	require.NoError(s.t, json.Unmarshal(m.Payload, &answer))
	require.Empty(s.t, answer.Errors, "%s", m.Payload)
	for _, root := range answer.Data {
		return root
	}
	return nil
}

// item gives the first item that is wanted, past or to come.
func (s *stream) item(what string, wanted func(object) bool) object {
	s.t.Helper()
	return s.root(s.await(what, func(m message) bool { return m.ID == s.id && m.Type == "next" && wanted(s.root(m)) }))
}

// refused demands that an error ends the subscription, and gives its code.
func (s *stream) refused() string {
	s.t.Helper()
	m := s.await("a refusal", func(m message) bool { return m.ID == s.id && m.Type != "next" })
	require.Equal(s.t, "error", m.Type, "%s", m.Payload)
	var errors []struct{ Extensions struct{ Code string } }
	require.NoError(s.t, json.Unmarshal(m.Payload, &errors))
	require.NotEmpty(s.t, errors)
	return errors[0].Extensions.Code
}

// over reports whether the subscription was ended, by a message or with its
// socket.
func (s *stream) over() bool {
	for _, m := range s.all() {
		if m.ID == s.id && m.Type != "next" {
			return true
		}
	}
	return s.ended()
}

// last is the latest message, for people to read.
func (s *stream) last() string {
	heard := s.all()
	if len(heard) == 0 {
		return "nothing"
	}
	return heard[len(heard)-1].Type + " " + string(heard[len(heard)-1].Payload)
}
