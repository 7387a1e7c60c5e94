package transport_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/guard"
)

// recorder is a journal that remembers each end as one line.
type recorder struct {
	mu     sync.Mutex
	begun  int
	lines  []string
	ids    []string
	inside []bool
}

type begunKey struct{}

func (r *recorder) Begin(ctx context.Context, _ guard.Operation) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	return context.WithValue(ctx, begunKey{}, true)
}

func (r *recorder) End(ctx context.Context, o guard.Operation, code string, _ time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, strings.Join([]string{o.Kind, o.Name, code, o.Tenant}, " "))
	r.ids = append(r.ids, guard.RequestID(ctx))
	r.inside = append(r.inside, ctx.Value(begunKey{}) != nil)
}

func (r *recorder) ended() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.lines...)
}

func (r *recorder) beganOne() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.begun == 1
}

// Each operation is written down once when it has ended, whichever way it came and
// whether it was executed or refused.
func TestEachOperationIsRecordedOnce(t *testing.T) {
	long := strings.Repeat("N", 70)
	for name, row := range map[string]struct {
		over func(e *env, query string)
		want string
	}{
		"query One {hello}":         {byPost, "query One OK tenant"},
		"{hello}":                   {byPost, "query  OK tenant"},
		"query " + long + "{hello}": {byPost, "query " + long[:64] + " OK tenant"},
		"query Two {hello}":         {bySocket, "query Two OK tenant"},
		"query Three {hello}":       {byEvents, "query Three OK tenant"},
		"query Bad {nothing}":       {byPost, "  GRAPHQL_VALIDATION_FAILED tenant"},
		"{":                         {bySocket, "  GRAPHQL_PARSE_FAILED tenant"},
		deep(21):                    {byEvents, "  LIMIT_EXCEEDED tenant"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{}
			e := start(t, func(o *transport.Options) { o.Journal = r })
			row.over(e, name)
			eventually(t, func() bool { return len(r.ended()) == 1 }, "the operation was not recorded")
			require.Equal(t, []string{row.want}, r.ended())
			require.Equal(t, strings.Contains(row.want, "OK"), r.inside[0], "in the context of its beginning")
			require.NotEmpty(t, r.ids[0])
		})
	}
}

func byPost(e *env, query string)   { e.post(document(query)) }
func byEvents(e *env, query string) { e.follow(query).drain() }
func bySocket(e *env, query string) {
	c := e.connect("good")
	c.subscribe("1", query)
	c.next()
}

// drain reads until the stream ends.
func (s *eventStream) drain() {
	for {
		if _, err := s.read(); err != nil {
			return
		}
	}
}

// A subscription is written down when it ends, however it does: by the client, by the
// server, or with its socket.
func TestASubscriptionIsRecordedAtItsEnd(t *testing.T) {
	for name, end := range map[string]func(c *client){
		"completed by the client": func(c *client) { c.send(`{"id":"1","type":"complete"}`) },
		"with the socket":         func(c *client) { _ = c.conn.CloseNow() },
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{}
			e := start(t, func(o *transport.Options) { o.Journal = r })
			c := e.connect("good")
			c.subscribe("1", "subscription Feed {feed}")
			eventually(t, r.beganOne, "it did not begin")
			require.Empty(t, r.ended())
			end(c)
			eventually(t, func() bool { return len(r.ended()) == 1 }, "the end was not recorded")
			require.Equal(t, []string{"subscription Feed OK tenant"}, r.ended())
			require.Equal(t, 1, r.begun)
			require.Regexp(t, `^[A-Z2-7]{26}-1$`, r.ids[0])
		})
	}
}

// A sane id of a request comes back, and is the operation's; any other is replaced.
func TestRequestIDs(t *testing.T) {
	r := &recorder{}
	e := start(t, func(o *transport.Options) { o.Journal = r })
	for id, kept := range map[string]bool{
		"abc-123": true, "trace.7_x": true, strings.Repeat("x", 64): true, "": false, strings.Repeat("x", 65): false, "a b": false, `"`: false, "ä": false,
	} {
		got := e.post(document("{hello}"), "X-Request-Id", id)
		back := got.header.Get("X-Request-Id")
		require.Equal(t, kept, back == id, "%q", id)
		require.Equal(t, r.ids[len(r.ids)-1], back)
		require.NotEmpty(t, back)
	}
	refused := e.do(e.request("POST", "", "{", "Authorization", "Bearer bad"))
	require.NotEmpty(t, refused.header.Get("X-Request-Id"), "a refusal has one too")
}
