package transport_test

import (
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

// Who asks too much is told when to come back, over HTTP and on a socket, and
// nobody else is.
func TestRatesByPrincipal(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		// Nothing comes back while the test runs, however slow the machine is.
		o.Limits.Cost, o.Quota = 50, guard.Quota{CostPerSecond: 1, CostBurst: 60}
	})
	dear := document(`{people(first:45){nodes{name}}}`) // 47
	require.Empty(t, e.post(dear).body.Errors)
	executed := e.schema.executed.Load()
	a := e.post(dear)
	require.Equal(t, 429, a.status)
	require.Equal(t, codes.RateLimited, a.code(), a.text)
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	require.NoError(t, err)
	require.Positive(t, seconds)
	require.EqualValues(t, seconds, a.body.Errors[0].Extensions["retryAfter"])

	c := e.connect("good")
	c.subscribe("1", `{people(first:45){nodes{name}}}`)
	refused := c.next()
	require.Equal(t, "error", refused.Type)
	require.Contains(t, refused.String(), codes.RateLimited)
	require.Equal(t, executed, e.schema.executed.Load())

	require.Empty(t, e.post(dear, "Authorization", "Bearer good:other").body.Errors, "another principal has its own")
}

// Asking costs even when nothing comes of it.
func TestRefusedDocumentsAreChargedFor(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		o.Limits.Cost, o.Quota = 5, guard.Quota{CostPerSecond: 1, CostBurst: 5}
	})
	var got []any
	for range 200 {
		got = append(got, e.post(document(`{`)).code())
	}
	require.Equal(t, "GRAPHQL_PARSE_FAILED", got[0])
	require.Contains(t, got, codes.RateLimited)
}

func TestOperationsAtOnceAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		quota  guard.Quota
		status int
		code   string
		other  bool // whether somebody else of this address is let in
	}{
		"of all":          {guard.Quota{Operations: 3}, 503, codes.Unavailable, false},
		"of an address":   {guard.Quota{OperationsByAddress: 3}, 429, codes.RateLimited, false},
		"of a principal":  {guard.Quota{OperationsByPrincipal: 3}, 429, codes.RateLimited, true},
		"without a bound": {guard.Quota{}, 200, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			e := start(t, func(o *transport.Options) { o.Quota = test.quota })
			c := e.connect("good")
			for i := range 3 {
				c.subscribe(fmt.Sprint(i), `{wait}`)
				<-e.schema.waiting
			}
			require.Equal(t, 3, e.server.Operations())
			a := e.post(document(`{hello}`))
			require.Equal(t, test.status, a.status, a.text)
			if test.code != "" {
				require.Equal(t, test.code, a.code())
				require.Equal(t, "1", a.header.Get("Retry-After"))
			}
			other := e.post(document(`{hello}`), "Authorization", "Bearer good:other")
			require.Equal(t, test.other, other.status == 200, other.text)
			_ = c.conn.CloseNow()
			eventually(t, func() bool { return e.server.Operations() == 0 }, "all left")
			require.Equal(t, 200, e.post(document(`{hello}`)).status)
		})
	}
}

// The address is the peer's, or what a trusted proxy says it is.
func TestAddressesBehindProxies(t *testing.T) {
	for name, test := range map[string]struct {
		proxies []netip.Prefix
		header  string
		free    bool
	}{
		"nobody is trusted":            {nil, "192.0.2.7", false},
		"a proxy speaks for another":   {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "192.0.2.7", true},
		"what clients make up is left": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "192.0.2.7, 127.0.0.1", true},
		"no address at all":            {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "192.0.2.7, unknown", false},
		"of another network":           {[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "192.0.2.7", false},
	} {
		t.Run(name, func(t *testing.T) {
			e := start(t, func(o *transport.Options) { o.Quota.OperationsByAddress, o.Proxies = 1, test.proxies })
			c := e.connect("good")
			c.subscribe("1", `{wait}`)
			<-e.schema.waiting
			a := e.post(document(`{hello}`), "X-Forwarded-For", test.header)
			require.Equal(t, test.free, a.status == 200, a.text)
		})
	}
}

// A panic does not keep its place.
func TestPanicsLeave(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Quota.Operations = 1 })
	for range 3 {
		_ = e.post(document(`{boom}`))
	}
	require.Zero(t, e.server.Operations())
	require.Equal(t, 200, e.post(document(`{hello}`)).status)
}

func TestOperationsThatTakeTooLong(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Quota.Timeout = time.Millisecond })
	a := e.post(document(`{wait}`))
	require.NotEmpty(t, a.body.Errors, a.text)
	require.Equal(t, "wait", <-e.schema.stopped)
	require.Zero(t, e.server.Operations())
	c := e.connect("good")
	c.subscribe("1", `subscription{feed}`)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "a subscription has no such end")
}

// queuedPayload is an Observer that remembers.
type queuedPayload struct {
	mu    sync.Mutex
	words []string
}

func (o *queuedPayload) add(words string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.words = append(o.words, words)
}

func (o *queuedPayload) Operation(kind, code string, took time.Duration) {
	if took < 0 {
		code = "negative"
	}
	o.add(kind + " " + code)
}

func (o *queuedPayload) Refused(code string) { o.add("refused " + code) }

// ConnectionRefused notes the reason.
func (o *queuedPayload) ConnectionRefused(why string) { o.add("connection refused " + why) }

// SocketClosed notes the code.
func (o *queuedPayload) SocketClosed(code string) { o.add("closed " + code) }

func TestWhatObserversAreTold(t *testing.T) {
	observer := &queuedPayload{}
	e := start(t, func(o *transport.Options) { o.Observer, o.Limits.Depth, o.MaxBody = observer, 3, 500 })
	for _, body := range []string{document(`{hello}`), document(`mutation{set(value:1)}`), document(`{fail}`), document(deep(4)), document(`{`),
		document(`{nothing}`), `[]`, document(`{hello #` + many(100, "xxxxx") + `}`)} {
		_ = e.post(body)
	}
	_ = e.post(document(`{hello}`), "Authorization", "Bearer nobody")
	require.Equal(t, []string{
		"query OK", "mutation OK", "query INTERNAL", "refused LIMIT_EXCEEDED", "refused GRAPHQL_PARSE_FAILED",
		"refused GRAPHQL_VALIDATION_FAILED", "refused BAD_REQUEST", "refused PAYLOAD_TOO_LARGE", "refused UNAUTHENTICATED",
	}, observer.words)
}
