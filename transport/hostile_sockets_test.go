package transport_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// hostileSocket is a row of testdata/hostile/sockets.json: what a client sends,
// and how that ends.
type hostileSocket struct {
	Name                string
	Send                [][]part
	Lines               bool // each line is a message
	Subprotocol, Origin string
	Quick               bool // the server's patience is short
	Stall               bool // the client reads nothing
	Status              int  // of an upgrade that is refused
	Close               int
	Answers             map[string]int // by type of message
	Code                string         // of the errors; either of several
	Runs                *int           // how many operations may run
}

func hostileSockets(t *testing.T) []hostileSocket {
	t.Helper()
	data, err := os.ReadFile("testdata/hostile/sockets.json")
	require.NoError(t, err)
	var rows []hostileSocket
	require.NoError(t, json.Unmarshal(data, &rows))
	require.GreaterOrEqual(t, len(rows), 20)
	return rows
}

func (h hostileSocket) messages() []string {
	var out []string
	for _, parts := range h.Send {
		text := written(parts)
		if h.Lines {
			out = append(out, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
			continue
		}
		out = append(out, text)
	}
	return out
}

// dialAs is dial with what browsers send.
func (h hostileSocket) dial(t *testing.T, e *env) (*websocket.Conn, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	protocol := transport.Subprotocol
	if h.Subprotocol != "" {
		protocol = h.Subprotocol
	}
	header := http.Header{}
	if h.Origin != "" {
		header.Set("Origin", h.Origin)
	}
	conn, resp, err := websocket.Dial(ctx, e.url, &websocket.DialOptions{Subprotocols: []string{protocol}, HTTPClient: e.http, HTTPHeader: header})
	if err != nil {
		require.NotNil(t, resp, "%v", err)
		return nil, resp.StatusCode
	}
	conn.SetReadLimit(-1)
	return conn, resp.StatusCode
}

// heard is what a hostile client was told.
type heard struct {
	types map[string]int
	codes map[string]int
	end   error
}

// listen reads until the socket ends or enough was said.
func listen(conn *websocket.Conn, enough map[string]int) heard {
	h := heard{types: map[string]int{}, codes: map[string]int{}}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		_, data, err := conn.Read(ctx)
		cancel()
		if err != nil {
			h.end = err
			return h
		}
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		_ = json.Unmarshal(data, &m) // the server's own words
		h.types[m.Type]++
		var errs []struct{ Extensions struct{ Code string } }
		if m.Type == "error" && json.Unmarshal(m.Payload, &errs) == nil && len(errs) > 0 {
			h.codes[errs[0].Extensions.Code]++
		}
		done := len(enough) > 0
		for kind, n := range enough {
			done = done && h.types[kind] >= n
		}
		if done {
			return h
		}
	}
}

// Every script of the corpus ends as the protocol says, with no more operations
// than are allowed, and leaves nothing behind.
func TestHostileSockets(t *testing.T) {
	patient := start(t, nil)
	quick := start(t, func(o *transport.Options) {
		o.Socket.InitTimeout, o.Socket.WriteTimeout, o.Socket.CloseGrace = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
		o.Socket.PingInterval, o.Socket.PongTimeout = 300*time.Millisecond, 300*time.Millisecond
	})
	for _, e := range []*env{patient, quick} {
		_ = e.post(document(`{`))
		e.http.CloseIdleConnections()
	}
	before := traces(t)
	for _, row := range hostileSockets(t) {
		t.Run(row.Name, func(t *testing.T) {
			e := patient
			if row.Quick {
				e = quick
			}
			row.run(t, e)
			eventually(t, func() bool { return e.server.Sockets() == 0 }, "no socket is left")
			eventually(t, func() bool { return e.schema.listening() == 0 }, "no subscription is left")
		})
	}
	for _, e := range []*env{patient, quick} {
		e.http.CloseIdleConnections()
		require.Zero(t, e.server.Operations())
	}
	before.require(t)
}

func (h hostileSocket) run(t *testing.T, e *env) {
	t.Helper()
	executed := e.schema.executed.Load()
	conn, status := h.dial(t, e)
	if h.Status != 0 {
		require.Equal(t, h.Status, status)
		return
	}
	require.NotNil(t, conn)
	defer func() { _ = conn.CloseNow() }()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for _, text := range h.messages() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			err := conn.Write(ctx, websocket.MessageText, []byte(text))
			cancel()
			if err != nil {
				return // the server has ended it
			}
		}
	}()
	defer func() { _ = conn.CloseNow(); <-sent }()
	if h.Stall {
		eventually(t, func() bool { return e.server.Sockets() == 0 }, "who reads nothing is dropped")
		return
	}
	got := listen(conn, h.Answers)
	var end websocket.CloseError
	if h.Close != 0 {
		require.ErrorAs(t, got.end, &end)
		require.EqualValues(t, h.Close, end.Code, end.Reason)
	}
	for kind, n := range h.Answers {
		require.Equal(t, n, got.types[kind], "%v, %v", got, got.end)
	}
	for code := range got.codes {
		require.Contains(t, strings.Split(h.Code, "|"), code)
	}
	if h.Runs != nil {
		require.LessOrEqual(t, e.schema.executed.Load()-executed, int64(*h.Runs))
	}
}
