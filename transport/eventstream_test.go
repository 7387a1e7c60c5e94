package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// eventStream is one response that is read event by event.
type eventStream struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Reader
	stop  context.CancelFunc
}

func (e *env) events(req *http.Request) *eventStream {
	e.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	req.Header.Set("Accept", "text/event-stream")
	resp, err := e.http.Do(req.WithContext(ctx))
	require.NoError(e.t, err)
	e.t.Cleanup(func() { stop(); _ = resp.Body.Close() })
	return &eventStream{t: e.t, resp: resp, lines: bufio.NewReader(resp.Body), stop: stop}
}

func (e *env) follow(query string) *eventStream {
	return e.events(e.request(http.MethodPost, "", document(query)))
}

// read gives the next event, or comment, as it was written.
func (s *eventStream) read() (string, error) {
	var text strings.Builder
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return text.String(), err
		}
		if line == "\n" {
			return text.String(), nil
		}
		text.WriteString(line)
	}
}

// next gives the next event, passing over comments.
func (s *eventStream) next() string {
	s.t.Helper()
	for {
		event, err := s.read()
		require.NoError(s.t, err, event)
		if event != ":\n" {
			return event
		}
	}
}

// aborted demands that the connection ends without a complete.
func (s *eventStream) aborted() {
	s.t.Helper()
	for {
		event, err := s.read()
		if err != nil {
			require.ErrorIs(s.t, err, io.ErrUnexpectedEOF, "the response ended as if it were whole")
			return
		}
		require.NotContains(s.t, event, "complete")
	}
}

const completed = "event: complete\ndata:\n"

func TestEventStreamOperations(t *testing.T) {
	e := start(t, nil)
	for query, want := range map[string][]string{
		`{viewer}`:                     {`{"data":{"viewer":"good"}}`},
		`mutation{set(value:3)}`:       {`{"data":{"set":3}}`},
		`subscription{ticks(count:2)}`: {`{"data":{"ticks":1}}`, `{"data":{"ticks":2}}`},
		`subscription{failing}`:        {`{"errors":[{"message":"no such source"}]}`},
		`subscription{dying}`:          {`{"data":{"dying":1}}`, `{"errors":[{"message":"the source died"}]}`},
		`{`:                            {`{"errors":[{"message":"Expected Name, found \u003cEOF\u003e","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`},
	} {
		s := e.follow(query)
		require.Equal(t, 200, s.resp.StatusCode)
		require.Equal(t, "text/event-stream; charset=utf-8", s.resp.Header.Get("Content-Type"))
		for _, data := range want {
			require.Equal(t, "event: next\ndata: "+data+"\n", s.next(), query)
		}
		require.Equal(t, completed, s.next(), query)
		_, err := s.read()
		require.ErrorIs(t, err, io.EOF)
	}
	byGet := e.events(e.request(http.MethodGet, "query=subscription{ticks(count:1)}", ""))
	require.Equal(t, "event: next\ndata: {\"data\":{\"ticks\":1}}\n", byGet.next())
	refused := e.events(e.request(http.MethodGet, "query=mutation{set(value:1)}", ""))
	require.Contains(t, refused.next(), "METHOD_NOT_ALLOWED")
}

func TestEventStreamRefusals(t *testing.T) {
	e := start(t, nil)
	for token, status := range map[string]int{"": 401, "Bearer bad": 401, "Bearer down": 503, "Bearer good": 400} {
		a := e.post(`{}`, "Accept", "text/event-stream", "Authorization", token)
		require.Equal(t, status, a.status, token)
		require.NotNil(t, a.code())
	}
	eventually(t, func() bool { return e.server.Stats().Streams == 0 }, "nothing is left open")
}

// A stream that is quiet shows that it lives.
func TestEventStreamKeepsAlive(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.PingInterval = time.Millisecond })
	s := e.follow(`subscription{feed}`)
	for range 5 {
		comment, err := s.read()
		require.NoError(t, err)
		require.Equal(t, ":\n", comment)
	}
	eventually(t, func() bool { return e.schema.listening() == 1 }, "subscribed")
	e.schema.broadcast("hello")
	require.Equal(t, "event: next\ndata: {\"data\":{\"feed\":\"hello\"}}\n", s.next())
	s.stop()
	require.Equal(t, "feed", <-e.schema.stopped, "who goes away is not served any more")
}

// B:V10
func TestEventStreamsEndSoThatClientsComeBack(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.QueueBytes = 64 << 10 })
	expired := e.events(e.request(http.MethodPost, "", document(`subscription{feed}`), "Authorization", "Bearer short:20ms"))
	expired.aborted()
	require.Equal(t, "feed", <-e.schema.stopped)

	slow, fast := e.follow(`subscription{feed}`), e.follow(`subscription{feed}`)
	eventually(t, func() bool { return e.schema.listening() == 2 }, "both subscribed")
	for n := 0; e.server.Stats().Slow == 0; n++ {
		require.Less(t, n, 10_000, "the slow reader is never aborted")
		e.schema.broadcast(strings.Repeat("x", 64<<10))
		require.Contains(t, fast.next(), "event: next")
	}
	slow.aborted()

	done := make(chan error, 1)
	go func() { done <- e.server.Shutdown(context.Background()) }()
	fast.aborted()
	require.NoError(t, <-done)
	require.Equal(t, 503, e.post(document(`{hello}`), "Accept", "text/event-stream").status)
}

// Event streams and sockets are in the same groups. B:V10
func TestEventStreamsShareExecutions(t *testing.T) {
	e := start(t, nil)
	e.schema.journal.permit("good", "red")
	l := e.listen("good", "red", -1)
	s := e.follow(`subscription{journal}`)
	eventually(t, func() bool { return e.server.Stats().Joined == 2 }, "both in one group")
	e.schema.journal.add(1)
	l.until(1)
	require.Equal(t, "event: next\ndata: {\"data\":{\"journal\":1}}\n", s.next())
	require.EqualValues(t, 1, e.schema.journal.groups.Load())
}

func TestConnectionsAreBounded(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.Connections, o.Socket.ConnectionsByPrincipal = 3, 2 })
	one := e.connect("good")
	e.follow(`subscription{feed}`)
	third := e.dial(transport.Subprotocol)
	third.send(initGood)
	end, _ := third.closed()
	require.EqualValues(t, 1013, end.Code)
	require.Contains(t, end.Reason, "too many connections")
	eventually(t, func() bool { return e.server.Stats().Sockets == 1 }, "closed")
	require.Equal(t, 429, e.post(document(`{hello}`), "Accept", "text/event-stream").status)
	require.Equal(t, 200, e.post(document(`{hello}`)).status, "answers are not bounded by connections")
	e.connect("good:2")
	resp := e.do(e.request(http.MethodGet, "", "", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13",
		"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol", transport.Subprotocol))
	require.Equal(t, 503, resp.status)
	require.Equal(t, "1", resp.header.Get("Retry-After"))
	require.EqualValues(t, 3, e.server.Stats().Refused)
	_ = one.conn.CloseNow()
	eventually(t, func() bool { return e.server.Stats().Sockets == 1 }, "gone")
	e.connect("good")
}

// B:V10
func TestGraphQLSSEClientComesBack(t *testing.T) {
	for _, mode := range []string{"distinct", "single"} {
		t.Run(mode, func(t *testing.T) { sseClientComesBack(t, mode) })
	}
}

func sseClientComesBack(t *testing.T, mode string) {
	t.Helper()
	schema, auth := newFakeSchema(), &tokens{}
	var current atomic.Pointer[transport.Server]
	replace := func() (old *transport.Server) {
		server, err := transport.New(schema, options(auth))
		require.NoError(t, err)
		return current.Swap(server)
	}
	replace()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(w, r) }))
	t.Cleanup(func() {
		require.NoError(t, current.Load().Shutdown(context.Background()))
		web.Close()
	})
	p := startScript(t, "sse.mjs", web.URL, mode)
	p.do("subscribe", "q", `{viewer}`)
	require.Equal(t, happening{Event: "next", ID: "q", Text: `{"data":{"viewer":"good"}}`}, p.next())
	require.Equal(t, happening{Event: "complete", ID: "q"}, p.next())
	p.do("subscribe", "e", `subscription{dying}`)
	require.Equal(t, `{"data":{"dying":1}}`, p.next().Text)
	require.Equal(t, `{"errors":[{"message":"the source died"}]}`, p.next().Text)
	require.Equal(t, happening{Event: "complete", ID: "e"}, p.next())

	follows := func(text string) {
		t.Helper()
		eventually(t, func() bool { return schema.listening() == 1 }, "subscribed")
		schema.broadcast(text)
		require.Equal(t, fmt.Sprintf(`{"data":{"feed":%q}}`, text), p.next().Text)
	}
	p.do("subscribe", "f", `subscription{feed}`)
	follows("first")
	old := replace()
	require.NoError(t, old.Shutdown(context.Background()))
	require.Equal(t, "again", p.next().Event)
	<-schema.stopped
	follows("after a restart")
	p.do("stop", "f", "")
	require.Equal(t, "feed", <-schema.stopped)
}
