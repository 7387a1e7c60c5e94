package transport_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

const streamToken = "X-GraphQL-Event-Stream-Token"

// plain is a request whose answer is not JSON.
func (e *env) plain(method, query, body string, header ...string) (status int, text string) {
	e.t.Helper()
	req := e.request(method, query, body, header...)
	resp, err := e.http.Do(req)
	require.NoError(e.t, err)
	defer resp.Body.Close()
	return resp.StatusCode, readAll(e.t, resp)
}

// single is one event stream with many operations.
type single struct {
	e      *env
	token  string
	bearer string
	stream *eventStream
}

func (e *env) reserve(bearer string) *single {
	e.t.Helper()
	status, token := e.plain(http.MethodPut, "", "", "Authorization", "Bearer "+bearer)
	require.Equal(e.t, 201, status, token)
	return &single{e: e, token: token, bearer: bearer}
}

func (e *env) single(bearer string) *single {
	e.t.Helper()
	s := e.reserve(bearer)
	s.stream = e.events(e.request(http.MethodGet, "", "", streamToken, s.token, "Authorization", "Bearer "+bearer))
	require.Equal(e.t, 200, s.stream.resp.StatusCode)
	return s
}

func (s *single) ask(id, query string) (status int, text string) {
	s.e.t.Helper()
	return s.e.plain(http.MethodPost, "", fmt.Sprintf(`{"query":%s,"extensions":{"operationId":%q}}`, quoted(query), id), streamToken, s.token, "Authorization", "Bearer "+s.bearer)
}

func (s *single) begin(id, query string) {
	s.e.t.Helper()
	status, text := s.ask(id, query)
	require.Equal(s.e.t, 202, status, text)
}

func (s *single) stop(id string) {
	s.e.t.Helper()
	status, text := s.e.plain(http.MethodDelete, url.Values{"operationId": {id}}.Encode(), "", streamToken, s.token, "Authorization", "Bearer "+s.bearer)
	require.Equal(s.e.t, 200, status, text)
}

func (s *single) expect(id, payload string) {
	s.e.t.Helper()
	require.Equal(s.e.t, fmt.Sprintf("event: next\ndata: {\"id\":%q,\"payload\":%s}\n", id, payload), s.stream.next())
}

func (s *single) expectComplete(id string) {
	s.e.t.Helper()
	require.Equal(s.e.t, fmt.Sprintf("event: complete\ndata: {\"id\":%q}\n", id), s.stream.next())
}

func TestSingleConnectionOperations(t *testing.T) {
	e := start(t, nil)
	s := e.single("good")
	for query, want := range map[string][]string{
		`{viewer}`:                     {`{"data":{"viewer":"good"}}`},
		`mutation{set(value:3)}`:       {`{"data":{"set":3}}`},
		`subscription{ticks(count:2)}`: {`{"data":{"ticks":1}}`, `{"data":{"ticks":2}}`},
		`subscription{failing}`:        {`{"errors":[{"message":"no such source"}]}`},
		`subscription{dying}`:          {`{"data":{"dying":1}}`, `{"errors":[{"message":"the source died"}]}`},
	} {
		s.begin("1", query)
		for _, payload := range want {
			s.expect("1", payload)
		}
		s.expectComplete("1")
	}
	s.begin("a", `subscription{feed}`)
	s.begin("b", `subscription{feed}`)
	eventually(t, func() bool { return e.schema.listening() == 2 }, "both")
	s.stop("a")
	e.feedStopped()
	s.stop("a")
	e.schema.broadcast("x")
	s.expect("b", `{"data":{"feed":"x"}}`)
	s.stream.stop()
	e.feedStopped()
	eventually(t, func() bool { status, _ := s.ask("c", `{viewer}`); return status == 404 }, "the token ends with the stream")
}

func TestSingleConnectionRefusals(t *testing.T) {
	e := start(t, nil)
	s := e.single("good")
	s.begin("used", `subscription{feed}`)
	reserved := e.reserve("good")
	for name, row := range map[string]struct {
		of        *single
		id, query string
		status    int
		says      string
	}{
		"no id":              {s, "", `{viewer}`, 400, "operationId"},
		"a long id":          {s, strings.Repeat("x", 257), `{viewer}`, 400, "operationId"},
		"an id that is used": {s, "used", `{viewer}`, 409, "is running"},
		"does not validate":  {s, "v", `{nothing}`, 200, "GRAPHQL_VALIDATION_FAILED"},
		"not open yet":       {reserved, "1", `{viewer}`, 409, "open it by GET"},
		"no such token":      {&single{e: e, token: "x", bearer: "good"}, "1", `{viewer}`, 404, codes.BadRequest},
		"somebody else":      {&single{e: e, token: s.token, bearer: "good:other"}, "1", `{viewer}`, 404, codes.BadRequest},
		"nobody":             {&single{e: e, token: s.token, bearer: "bad"}, "1", `{viewer}`, 401, codes.Unauthenticated},
	} {
		status, text := row.of.ask(row.id, row.query)
		require.Equal(t, row.status, status, name)
		require.Contains(t, text, row.says, name)
	}
	s.begin("v", `{viewer}`) // the id of a refused one is free
	second := e.do(e.request(http.MethodGet, "", "", streamToken, s.token, "Accept", "text/event-stream"))
	require.Equal(t, 409, second.status)
	foreign := e.do(e.request(http.MethodGet, "", "", streamToken, reserved.token, "Accept", "text/event-stream", "Authorization", "Bearer good:other"))
	require.Equal(t, 404, foreign.status, "nor may somebody else open it")
	require.Equal(t, 404, e.do(e.request(http.MethodDelete, "operationId=used", "", streamToken, s.token, "Authorization", "Bearer good:other")).status)
	require.Equal(t, 401, e.do(e.request(http.MethodPut, "", "", "Authorization", "")).status)
	require.Equal(t, 1, e.schema.listening(), "nobody stopped what is another's")
	byParameter := e.events(e.request(http.MethodGet, streamTokenQuery(reserved.token), "", "Authorization", ""))
	require.Equal(t, 200, byParameter.resp.StatusCode, "EventSource can send no header")
}

func streamTokenQuery(token string) string { return url.Values{"token": {token}}.Encode() }

// A stream ends without a complete when its token expires, the server stops, or the
// client does not read. B:V10
func TestSingleConnectionsEndSoThatClientsComeBack(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.QueueBytes = 64 << 10 })
	e.single("short:20ms").stream.aborted()
	slow, other := e.single("good"), e.single("good")
	slow.begin("1", `subscription{feed}`)
	other.begin("2", `subscription{feed}`)
	eventually(t, func() bool { return e.schema.listening() == 2 }, "both subscribed")
	for n := 0; e.server.Stats().Slow == 0; n++ {
		require.Less(t, n, 10_000, "the slow reader is never aborted")
		e.schema.broadcast(strings.Repeat("x", 64<<10))
		require.Contains(t, other.stream.next(), "event: next")
	}
	slow.stream.aborted()
	done := make(chan error, 1)
	go func() { done <- e.server.Shutdown(context.Background()) }()
	other.stream.aborted()
	require.NoError(t, <-done)
}

// Reservations and operations are bounded, for each caller and for all.
func TestSingleConnectionsAreBounded(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.Operations, o.Socket.InitTimeout = 2, 50*time.Millisecond })
	s := e.single("good:a")
	s.begin("1", `subscription{feed}`)
	s.begin("2", `subscription{feed}`)
	status, text := s.ask("3", `subscription{feed}`)
	require.Equal(t, 429, status)
	require.Contains(t, text, codes.LimitExceeded)
	s.stop("1")
	eventually(t, func() bool { status, _ := s.ask("3", `subscription{feed}`); return status == 202 }, "room again")
	refused := 0
	for range 40 {
		status, text := e.plain(http.MethodPut, "", "", "Authorization", "Bearer good:b")
		if status != 201 {
			require.Equal(t, 429, status)
			require.Contains(t, text, codes.RateLimited)
			refused++
		}
	}
	require.Positive(t, refused)
	eventually(t, func() bool {
		status, _ := e.plain(http.MethodPut, "", "", "Authorization", "Bearer good:b")
		return status == 201
	}, "what is not opened is forgotten")
}

// Subscriptions of a stream are counted as all others, and who goes on in spite of being
// refused loses the stream.
func TestSubscriptionsOfASingleConnectionAreBounded(t *testing.T) {
	e := visitors(t, guard.Class{Subscriptions: 1}, nil)
	s := e.single("visitor:a:v")
	s.begin("0", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "one")
	for i := range 20 {
		status, text := s.ask(fmt.Sprint(i+1), subscribing)
		require.NotEqual(t, 202, status)
		require.Contains(t, text, codes.LimitExceeded)
	}
	s.stream.aborted()
}

func readAll(t *testing.T, resp *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(data)
}

// feedStopped waits until a subscription of feed has ended, and passes over others.
func (e *env) feedStopped() {
	for name := range e.schema.stopped {
		if name == "feed" {
			return
		}
	}
}
