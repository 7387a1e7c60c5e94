package resolvers_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// socket is one connection that speaks graphql-transport-ws.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
	next int
	// heard are messages for other operations than the one that was asked for.
	heard []wireMessage
}

type wireMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a socket and says nothing yet.
func (s *server) dial(t *testing.T) *socket {
	t.Helper()
	return s.dialAt(t, s.url)
}

func (s *server) dialAt(t *testing.T, url string) *socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{transport.Subprotocol}, HTTPClient: s.http})
	require.NoError(t, err)
	conn.SetReadLimit(-1)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{t: t, conn: conn}
}

// connect opens a socket with the client's token.
func (c *client) connect() *socket {
	c.t.Helper()
	return c.connectAt(c.url)
}

func (c *client) connectAt(url string) *socket {
	c.t.Helper()
	s := c.dialAt(c.t, url)
	s.send(wireMessage{Type: "connection_init", Payload: payload(c.t, object{"Authorization": "Bearer " + c.token})})
	require.Equal(c.t, "connection_ack", s.read().Type)
	return s
}

func payload(t *testing.T, value any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return data
}

func (s *socket) send(m wireMessage) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	require.NoError(s.t, wsjson.Write(ctx, s.conn, m))
}

func (s *socket) read() wireMessage {
	s.t.Helper()
	m, err := s.receive()
	require.NoError(s.t, err)
	return m
}

func (s *socket) receive() (m wireMessage, err error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for err == nil && (m.Type == "" || m.Type == "ping") {
		m = wireMessage{}
		err = wsjson.Read(ctx, s.conn, &m)
	}
	return m, err
}

// stream is one running subscription.
type stream struct {
	*socket
	id string
}

// subscribe starts a subscription and returns at once.
func (s *socket) subscribe(query string, v vars) *stream {
	s.t.Helper()
	s.next++
	id := strconv.Itoa(s.next)
	s.send(wireMessage{ID: id, Type: "subscribe", Payload: payload(s.t, object{"query": query, "variables": v})})
	return &stream{socket: s, id: id}
}

// follow opens a socket, subscribes, and returns when nothing that commits from
// now on can be missed. What committed before was told before.
func (c *client) follow(query string, v vars) *stream {
	c.t.Helper()
	c.space.settle()
	if strings.Contains(query, "eventLog") && !c.space.unnumbered.Load() {
		require.NoError(c.t, c.space.tail.Caught(c.t.Context(), c.space.id, patience))
	}
	return c.followAtOnce(query, v)
}

// followAtOnce is follow without waiting for what committed before.
func (c *client) followAtOnce(query string, v vars) *stream {
	c.t.Helper()
	before := c.started()
	st := c.connect().subscribe(query, v)
	require.Eventually(c.t, func() bool { return c.begun(before) }, patience, tick, "the subscription did not start")
	return st
}

// message gives the next message of this subscription.
func (st *stream) message() wireMessage {
	st.t.Helper()
	for i, m := range st.heard {
		if m.ID == st.id {
			st.heard = append(st.heard[:i:i], st.heard[i+1:]...)
			return m
		}
	}
	for {
		m := st.read()
		if m.ID == st.id {
			return m
		}
		st.heard = append(st.heard, m)
	}
}

// item gives the root field of the next item.
func (st *stream) item() object {
	st.t.Helper()
	m := st.message()
	require.Equal(st.t, "next", m.Type, "%s", m.Payload)
	data := parse(st.t, 0, m.Payload).ok()
	require.Len(st.t, data, 1)
	for _, root := range data {
		o, ok := root.(object)
		require.True(st.t, ok, "%s", m.Payload)
		return o
	}
	return nil
}

// refused demands that an error comes next, which ends the subscription, and
// gives its code.
func (st *stream) refused() string {
	st.t.Helper()
	m := st.message()
	require.Equal(st.t, "error", m.Type, "%s", m.Payload)
	return parse(st.t, 0, []byte(`{"errors":`+string(m.Payload)+`}`)).code()
}

// completed demands that the subscription ends now, without an error.
func (st *stream) completed() {
	st.t.Helper()
	m := st.message()
	require.Equal(st.t, "complete", m.Type, "%s", m.Payload)
}
