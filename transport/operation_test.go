package transport_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/exec"
)

func TestOperationsOverASocket(t *testing.T) {
	e := start(t, nil)
	for _, test := range []struct {
		name, query string
		want        []string
	}{
		{"query", `{hello(name:"you")}`, []string{`1 next {"data":{"hello":"hello you"}}`, `1 complete `}},
		{"mutation", `mutation{set(value:7)}`, []string{`1 next {"data":{"set":7}}`, `1 complete `}},
		{"partly failed", `{hello(name:"x") fail}`, []string{
			`1 next {"errors":[{"message":"it failed"}],"data":{"hello":"hello x","fail":null}}`, `1 complete `}},
		{"subscription", `subscription{n:ticks(count:2)}`, []string{
			`1 next {"data":{"n":1}}`, `1 next {"data":{"n":2}}`, `1 complete `}},
		{"empty subscription", `subscription{ticks(count:0)}`, []string{`1 complete `}},
		{"no source", `subscription{failing}`, []string{`1 error [{"message":"no such source"}]`}},
		{"source dies", `subscription{dying}`, []string{
			`1 next {"data":{"dying":1}}`, `1 error [{"message":"the source died"}]`}},
		{"panic in a query", `{boom}`, []string{`1 error [{"message":"recovered","extensions":{"code":"INTERNAL"}}]`}},
		{"panic in a subscription", `subscription{boom}`, []string{`1 error [{"message":"recovered","extensions":{"code":"INTERNAL"}}]`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := e.connect("good")
			c.subscribe("1", test.query)
			for _, want := range test.want {
				require.Equal(t, want, c.next().String())
			}
			// Nothing follows the end, the id is free again, and the socket lives.
			c.subscribe("1", `{viewer}`)
			require.Equal(t, `1 next {"data":{"viewer":"good"}}`, c.next().String())
			require.Equal(t, "1 complete ", c.next().String())
		})
	}
}

func TestRequestErrorsOverASocket(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	for query, code := range map[string]string{
		`{`:         "GRAPHQL_PARSE_FAILED",
		`{nothing}`: "GRAPHQL_VALIDATION_FAILED",
		`{hello @skip(if:true) @include(if:1) ...x}`: "GRAPHQL_VALIDATION_FAILED",
		deep(21): codes.LimitExceeded,
	} {
		c.subscribe("1", query)
		r := c.next()
		require.Equal(t, "error", r.Type)
		require.Contains(t, string(r.Payload), code)
	}
	require.Zero(t, e.schema.executed.Load())
}

func TestEventsAreCopied(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	const count = 500
	c.subscribe("1", fmt.Sprintf(`subscription{ticks(count:%d)}`, count))
	// All events are produced into the one buffer before the first is read.
	require.Equal(t, "ticks", <-e.schema.stopped)
	for n := 1; n <= count; n++ {
		require.Equal(t, fmt.Sprintf(`{"data":{"ticks":%d}}`, n), string(c.next().Payload))
	}
	require.Equal(t, "complete", c.next().Type)
}

func TestManyOperationsOnOneSocket(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	const operations, count = 100, 20
	for id := range operations {
		c.subscribe(fmt.Sprint(id), fmt.Sprintf(`subscription{ticks(count:%d)}`, count))
	}
	seen := map[string]int{}
	for range operations * (count + 1) {
		r := c.next()
		seen[r.ID]++
		if seen[r.ID] > count {
			require.Equal(t, "complete", r.Type)
			continue
		}
		require.Equal(t, fmt.Sprintf(`{"data":{"ticks":%d}}`, seen[r.ID]), string(r.Payload))
	}
	require.Len(t, seen, operations)
}

// One error value may end the streams of many sockets at once.
func TestOneErrorEndsManyStreams(t *testing.T) {
	e := start(t, nil)
	clients := make([]*client, 10)
	for i := range clients {
		clients[i] = e.connect("good")
		clients[i].subscribe("1", `subscription{dying}`)
	}
	for _, c := range clients {
		require.Equal(t, "next", c.next().Type)
		require.Equal(t, `1 error [{"message":"the source died"}]`, c.next().String())
	}
}

func TestOperationsRunSideBySide(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	for id := range 3 {
		c.subscribe(fmt.Sprint("w", id), `{wait}`)
	}
	for range 3 {
		<-e.schema.waiting
	}
	c.subscribe("q", `{hello(name:"x")}`)
	require.Equal(t, `q next {"data":{"hello":"hello x"}}`, c.next().String())
	require.Equal(t, "q complete ", c.next().String())
}

func TestCompleteCancelsTheOperation(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	c.send(`{"id":"unknown","type":"complete"}`)
	for _, query := range []string{`subscription{feed}`, `{wait}`} {
		c.subscribe("1", query)
		if query == `{wait}` {
			<-e.schema.waiting
		}
		c.send(`{"id":"1","type":"complete"}`)
		<-e.schema.stopped
		// Nothing is said of it any more, and the id is free at once.
		c.subscribe("1", `{viewer}`)
		require.Equal(t, `1 next {"data":{"viewer":"good"}}`, c.next().String())
		require.Equal(t, "1 complete ", c.next().String())
	}
}

func TestClientThatGoesCancelsItsOperations(t *testing.T) {
	e := start(t, nil)
	for _, leave := range []func(*client){
		func(c *client) { _ = c.conn.CloseNow() },
		func(c *client) { _ = c.conn.Close(1000, "bye") },
	} {
		c := e.connect("good")
		c.subscribe("1", `subscription{feed}`)
		eventually(t, func() bool { return e.schema.listening() == 1 }, "subscribed")
		leave(c)
		require.Equal(t, "feed", <-e.schema.stopped)
		eventually(t, func() bool { return e.server.Sockets() == 0 }, "socket gone")
	}
}

func TestTooManyOperationsOnASocket(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.Operations = 2 })
	c := e.connect("good")
	c.subscribe("1", `subscription{feed}`)
	c.subscribe("2", `subscription{feed}`)
	c.subscribe("3", `subscription{feed}`)
	refused := c.next()
	require.Equal(t, "3", refused.ID)
	require.Equal(t, "error", refused.Type)
	require.Contains(t, string(refused.Payload), codes.LimitExceeded)
	c.send(`{"id":"1","type":"complete"}`)
	c.subscribe("3", `{viewer}`)
	require.Equal(t, `3 next {"data":{"viewer":"good"}}`, c.next().String(), "the socket lives on, with room again")
	require.Equal(t, "3 complete ", c.next().String())
}

func TestOperationsThatDoNotStopAreBounded(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.Operations = 2 })
	c := e.connect("good")
	for n := range 4 {
		id := fmt.Sprint(n)
		c.subscribe(id, `subscription{stubborn}`)
		<-e.schema.waiting
		c.send(`{"id":"` + id + `","type":"complete"}`)
	}
	c.subscribe("last", `{hello}`)
	require.Contains(t, c.next().String(), codes.LimitExceeded)
	close(e.schema.letGo)
}

// Whoever counts subscriptions that are beginning sees those for one client as well, up to
// where the resolver has answered.
func TestABeginningIsCounted(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	require.Zero(t, e.server.Stats().Beginning)
	c.subscribe("1", `subscription{late}`)
	<-e.schema.waiting
	require.Equal(t, 1, e.server.Stats().Beginning)
	close(e.schema.letGo)
	require.Equal(t, "1 complete ", c.next().String())
	require.Eventually(t, func() bool { return e.server.Stats().Beginning == 0 }, patience, time.Millisecond)
}

func TestEndWithErrorOutsideOfASocket(t *testing.T) {
	require.False(t, exec.EndWithError(t.Context(), fmt.Errorf("nobody hears")))
}
