package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

// visitors starts a server with a class for callers whose token is
// visitor:TENANT:NAME.
func visitors(t *testing.T, class guard.Class, change func(*transport.Options)) *env {
	t.Helper()
	return start(t, func(o *transport.Options) {
		o.Classes = map[string]guard.Class{"visitor": class}
		if change != nil {
			change(o)
		}
	})
}

const subscribing = `subscription{feed}`

// stream opens an event stream and gives what its beginning says; it ends with
// the test or with leave.
func (e *env) stream(token, query string) (text string, leave func()) {
	e.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	e.t.Cleanup(cancel)
	req := e.request(http.MethodPost, "", document(query), "Authorization", "Bearer "+token, "Accept", "text/event-stream").WithContext(ctx)
	resp, err := e.http.Do(req)
	require.NoError(e.t, err)
	e.t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		var all bytes.Buffer
		_, err := all.ReadFrom(resp.Body)
		require.NoError(e.t, err)
		return all.String(), cancel
	}
	var head [3]byte
	_, err = resp.Body.Read(head[:])
	require.NoError(e.t, err)
	return "", cancel
}

func (c *client) refusal(id string) reply {
	c.t.Helper()
	for {
		if r := c.next(); r.ID == id && r.Type == "error" {
			return r
		}
	}
}

// What somebody has open counts over all connections, sockets and event streams
// alike. What is too much is refused and says so, and the connection goes on.
func TestSubscriptionsOfACallerAreBounded(t *testing.T) {
	e := visitors(t, guard.Class{Subscriptions: 3}, nil)
	first, second := e.connect("visitor:a:v"), e.connect("visitor:a:v")
	first.subscribe("1", subscribing)
	second.subscribe("1", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 2 }, "two")
	_, leave := e.stream("visitor:a:v", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 3 }, "three")
	for i := range 5 {
		second.subscribe(fmt.Sprint("more", i), subscribing)
		no := second.refusal(fmt.Sprint("more", i))
		require.Contains(t, no.String(), codes.LimitExceeded)
		require.Contains(t, no.String(), "at most 3")
		require.Contains(t, no.String(), `"limit":"subscriptions"`)
	}
	second.subscribe("q", `{hello}`)
	require.Contains(t, second.next().String(), "hello", "the connection goes on")
	other := e.connect("visitor:a:w")
	other.subscribe("1", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 4 }, "another has its own")
	leave()
	eventually(t, func() bool { return e.server.Stats().Subscriptions == 3 }, "given back")
	second.subscribe("now", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 4 }, "in its place")
	require.EqualValues(t, 5, e.server.Stats().NoRoom)
}

// Beside a caller, those of its class in a tenant have a bound, the tenant has one,
// and the server; and each leaves room for others.
func TestSubscriptionsOfManyAreBounded(t *testing.T) {
	for name, row := range map[string]struct {
		class  guard.Class
		budget guard.Budget
		code   string
		free   string // who is not refused
	}{
		"of a class":          {guard.Class{SubscriptionsTogether: 2}, guard.Budget{}, codes.RateLimited, "good:member"},
		"bytes of a class":    {guard.Class{BytesTogether: 45 << 10}, guard.Budget{}, codes.RateLimited, "good:member"},
		"bytes of a caller":   {guard.Class{Bytes: 10}, guard.Budget{}, codes.LimitExceeded, "good:member"},
		"of a tenant":         {guard.Class{}, guard.Budget{SubscriptionsByTenant: 2}, codes.RateLimited, "visitor:b:v"},
		"bytes of a tenant":   {guard.Class{}, guard.Budget{BytesByTenant: 45 << 10}, codes.RateLimited, "visitor:b:v"},
		"of the server":       {guard.Class{}, guard.Budget{Subscriptions: 2}, codes.Unavailable, ""},
		"bytes of the server": {guard.Class{}, guard.Budget{Bytes: 45 << 10}, codes.Unavailable, ""},
		"no memory":           {guard.Class{}, guard.Budget{Full: func() bool { return true }}, codes.Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := visitors(t, row.class, func(o *transport.Options) { o.Budget = row.budget })
			refused := uint64(0)
			for i := range 4 {
				c := e.connect(fmt.Sprintf("visitor:tenant:%d", i))
				c.subscribe("1", subscribing)
				eventually(t, func() bool {
					s := e.server.Stats()
					return s.Subscriptions+int(s.NoRoom) == i+1
				}, "judged")
				if now := e.server.Stats().NoRoom; now > refused {
					refused = now
					require.Contains(t, c.refusal("1").String(), row.code)
				}
			}
			require.GreaterOrEqual(t, refused, uint64(2))
			if row.free == "" {
				return
			}
			open := e.server.Stats().Subscriptions
			free := e.connect(row.free)
			free.subscribe("1", subscribing)
			eventually(t, func() bool { return e.server.Stats().Subscriptions == open+1 }, "room for others")
		})
	}
}

// Who goes on in spite of being refused is ended, waits before it may connect
// again, and longer each time. Others do not.
func TestASocketThatKeepsBreakingItsBound(t *testing.T) {
	e := visitors(t, guard.Class{Subscriptions: 1}, nil)
	c := e.connect("visitor:a:v")
	c.subscribe("0", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "one")
	for i := range 19 {
		c.subscribe(fmt.Sprint("more", i), subscribing)
		c.refusal(fmt.Sprint("more", i))
	}
	c.subscribe("q", `{hello}`)
	require.Equal(t, "next", c.next().Type)
	require.Equal(t, "complete", c.next().Type, "who also does something else is not ended")
	for i := range 20 {
		c.subscribe(fmt.Sprint("again", i), subscribing)
	}
	end, before := c.closed()
	require.EqualValues(t, 1013, end.Code)
	require.Contains(t, end.Reason, "refused too often")
	require.NotEmpty(t, before, "refusals say why, and the end, which may overtake the last of them, says it again")
	again := e.dial(transport.Subprotocol)
	again.send(`{"type":"connection_init","payload":{"Authorization":"Bearer visitor:a:v"}}`)
	end, _ = again.closed()
	require.EqualValues(t, 1013, end.Code)
	require.Contains(t, end.Reason, "reconnect in ")
	text, _ := e.stream("visitor:a:v", subscribing)
	require.Contains(t, text, "retryAfter")
	e.connect("visitor:a:w").subscribe("1", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "another may")
}

// A storm of connections is bounded too, each of which would be allowed.
func TestReconnectsAreBounded(t *testing.T) {
	e := visitors(t, guard.Class{Connections: 1}, nil)
	for range 3 {
		_ = e.connect("visitor:a:v").conn.CloseNow()
		eventually(t, func() bool { return e.server.Sockets() == 0 }, "gone")
	}
	refused := false
	for range 20 { // however slow the machine is, ten more a minute are allowed
		c := e.dial(transport.Subprotocol)
		c.send(`{"type":"connection_init","payload":{"Authorization":"Bearer visitor:a:v"}}`)
		if _, err := c.read(); err != nil {
			refused = true
			break
		}
		_ = c.conn.CloseNow()
		eventually(t, func() bool { return e.server.Sockets() == 0 }, "gone")
	}
	require.True(t, refused)
	_ = e.connect("visitor:a:w")
}

// A class has its own bounds on what is asked.
func TestWhatAClassMayAsk(t *testing.T) {
	e := visitors(t, guard.Class{Connections: 2, Operations: 1, OperationsTogether: 2, SocketOperations: 2, Cost: 30, CostPerSecond: 1, CostBurst: 60, MessageBytes: 2000},
		func(o *transport.Options) { o.Quota = guard.Quota{CostPerSecond: 1000} })
	as := func(name string) []string { return []string{"Authorization", "Bearer " + name} }
	dear := document(`{people(first:45){nodes{name}}}`) // 47
	require.Equal(t, codes.LimitExceeded, e.post(dear, as("visitor:a:v")...).code())
	require.Empty(t, e.post(dear).body.Errors, "others may")
	cheaper := document(`{people(first:25){nodes{name}}}`)
	require.Empty(t, e.post(cheaper, as("visitor:a:x")...).body.Errors)
	require.Empty(t, e.post(cheaper, as("visitor:a:x")...).body.Errors)
	require.Equal(t, codes.RateLimited, e.post(cheaper, as("visitor:a:x")...).code())
	long := document(`{hello #` + strings.Repeat("x", 2000) + "\n}")
	require.Equal(t, http.StatusRequestEntityTooLarge, e.post(long, as("visitor:a:v")...).status)
	require.Empty(t, e.post(long).body.Errors)

	v, w := e.connect("visitor:a:v"), e.connect("visitor:a:w")
	for _, c := range []*client{v, w} {
		c.subscribe("1", `{wait}`)
		<-e.schema.waiting
	}
	require.Equal(t, codes.RateLimited, e.post(document(`{hello}`), as("visitor:a:v")...).code(), "one at once")
	require.Equal(t, codes.RateLimited, e.post(document(`{hello}`), as("visitor:a:y")...).code(), "two of all visitors of the tenant")
	require.Empty(t, e.post(document(`{hello}`), as("visitor:b:y")...).body.Errors)
	require.Empty(t, e.post(document(`{hello}`)).body.Errors)
	v.subscribe("2", `{wait}`)
	require.Contains(t, v.refusal("2").String(), codes.RateLimited)
	v.subscribe("3", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "a subscription")
	v.subscribe("4", subscribing)
	require.Contains(t, v.refusal("4").String(), "at most 2")
	v.send(`{"type":"ping","payload":{"a":"` + strings.Repeat("x", 2000) + `"}}`)
	end, _ := v.closed()
	require.EqualValues(t, 1009, end.Code)
}

// What waits for a reader who reads nothing counts among its bytes, and ends the
// connection when it is too much for them.
func TestWhatWaitsToBeSentIsCounted(t *testing.T) {
	e := visitors(t, guard.Class{Bytes: 3 << 20}, func(o *transport.Options) { o.Socket.QueueBytes = 64 << 20 })
	c := e.connect("visitor:a:v")
	c.subscribe("1", subscribing)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "listening")
	before := e.server.Stats().Bytes
	text := strings.Repeat("x", 100<<10)
	most := int64(0)
	for range 1000 {
		e.schema.broadcast(text)
		most = max(most, e.server.Stats().Bytes)
		if e.server.Sockets() == 0 || e.schema.listening() == 0 {
			break
		}
	}
	require.Greater(t, most, before+1<<20)
	require.LessOrEqual(t, most, int64(3<<20))
	eventually(t, func() bool { return e.server.Stats().Bytes == 0 }, "all given back")
	require.EqualValues(t, 1, e.server.Stats().Slow)
}

// Operations of a caller whose operations go in turn wait for each other, and for
// nobody else's; one that has ended meanwhile is not executed.
func TestOperationsInTurn(t *testing.T) {
	e := visitors(t, guard.Class{Operations: 3, InTurn: true}, func(o *transport.Options) { o.Quota.Timeout = patience })
	c := e.connect("visitor:a:v")
	c.subscribe("first", `{wait}`)
	<-e.schema.waiting
	c.subscribe("second", `{hello}`)
	eventually(t, func() bool { return e.server.Operations() == 2 }, "it waits")
	require.Empty(t, e.post(document(`{hello}`), "Authorization", "Bearer visitor:a:w").body.Errors, "another does not")
	c.send(`{"id":"second","type":"complete"}`)
	eventually(t, func() bool { return e.server.Operations() == 1 }, "it has ended")
	c.subscribe("third", `{hello}`)
	c.send(`{"id":"first","type":"complete"}`)
	require.Equal(t, "wait", <-e.schema.stopped)
	r := c.next()
	require.Equal(t, "third next", r.ID+" "+r.Type)
}

// Visitors who send their requests slowly leave the operations that all visitors
// share to the others.
func TestSlowBodiesTakeNobodysTurn(t *testing.T) {
	e := visitors(t, guard.Class{Operations: 1, OperationsTogether: 2}, nil)
	for i := range 4 {
		conn, err := net.Dial("tcp", e.web.Listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer visitor:a:slow%d\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n", i)
		require.NoError(t, err)
		line, err := bufio.NewReader(conn).ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, line, "100", "the server waits for the body")
	}
	require.Equal(t, 200, e.post(`{"query":"{hello}"}`, "Authorization", "Bearer visitor:a:honest").status)
}
