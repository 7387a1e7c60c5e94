package transport_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// node returns a command that runs a script of interop/, or skips the test.
func node(t *testing.T, script string, args ...string) *exec.Cmd {
	t.Helper()
	_, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("interop/node_modules/graphql-sse")
	}
	if err != nil && os.Getenv("SWITCHBOARD_TEST_REQUIRE_NODE") == "" {
		t.Skip("not tested against graphql-ws and graphql-http: run npm ci in transport/interop first")
	}
	require.NoError(t, err, "Node 20 is required: run npm ci in transport/interop first")
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, "node", append([]string{script}, args...)...)
	command.Dir, command.Stderr = "interop", os.Stderr
	return command
}

func TestGraphQLOverHTTPAudits(t *testing.T) {
	e := start(t, nil)
	out, err := node(t, "audit.mjs", e.url).Output()
	require.NoError(t, err)
	var result struct {
		Total  int
		Failed []any
	}
	require.NoError(t, json.Unmarshal(out, &result))
	require.Equal(t, 61, result.Total)
	require.Empty(t, result.Failed)
}

// peer is a graphql-ws client in a process of its own.
type peer struct {
	t      *testing.T
	stdin  io.WriteCloser
	stdout *bufio.Scanner
}

type happening struct {
	Event, ID, Text string
	Code            int
}

func startPeer(t *testing.T, url string) *peer {
	t.Helper()
	return startScript(t, "client.mjs", strings.Replace(url, "http", "ws", 1))
}

func startScript(t *testing.T, script string, args ...string) *peer {
	t.Helper()
	command := node(t, script, args...)
	stdin, err := command.StdinPipe()
	require.NoError(t, err)
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = command.Wait()
	})
	return &peer{t: t, stdin: stdin, stdout: bufio.NewScanner(stdout)}
}

func (p *peer) do(what, id, value string) {
	p.t.Helper()
	line, _ := json.Marshal(map[string]string{"do": what, "id": id, "value": value})
	_, err := p.stdin.Write(append(line, '\n'))
	require.NoError(p.t, err)
}

func (p *peer) next() happening {
	p.t.Helper()
	require.True(p.t, p.stdout.Scan(), "the client ended")
	var h happening
	require.NoError(p.t, json.Unmarshal(p.stdout.Bytes(), &h))
	return h
}

// expect reads until the client tells of event, passing over events in between.
func (p *peer) expect(event string) happening {
	p.t.Helper()
	for {
		h := p.next()
		if h.Event == event {
			return h
		}
		require.Equal(p.t, "next", h.Event, "waiting for %s: %+v", event, h)
	}
}

func TestGraphQLWSClientOperations(t *testing.T) {
	e := start(t, nil)
	p := startPeer(t, e.url)
	for _, test := range []struct {
		query string
		want  []happening
	}{
		{`{viewer}`, []happening{{Event: "next", Text: `{"data":{"viewer":"good"}}`}, {Event: "complete"}}},
		{`mutation{set(value:3)}`, []happening{{Event: "next", Text: `{"data":{"set":3}}`}, {Event: "complete"}}},
		{`subscription{ticks(count:2)}`, []happening{
			{Event: "next", Text: `{"data":{"ticks":1}}`}, {Event: "next", Text: `{"data":{"ticks":2}}`}, {Event: "complete"}}},
		{`subscription{failing}`, []happening{{Event: "error", Text: `[{"message":"no such source"}]`}}},
	} {
		p.do("subscribe", "", test.query)
		require.Equal(t, "connected", p.next().Event)
		for _, want := range test.want {
			require.Equal(t, want, p.next())
		}
		require.Equal(t, 1000, p.expect("closed").Code, "the client leaves when it has nothing to do")
	}
}

// B:V10
func TestGraphQLWSClientComesBack(t *testing.T) {
	schema, auth := newFakeSchema(), &tokens{}
	var current atomic.Pointer[transport.Server]
	replace := func() (old *transport.Server) {
		o := options(auth)
		o.Socket.QueueBytes = 256 << 10
		o.Socket.CloseGrace, o.Socket.WriteTimeout = patience, patience
		server, err := transport.New(schema, o)
		require.NoError(t, err)
		return current.Swap(server)
	}
	replace()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(w, r) }))
	t.Cleanup(func() {
		require.NoError(t, current.Load().Shutdown(context.Background()))
		web.Close()
	})
	p := startPeer(t, web.URL)
	// follows says that the subscription made at the start is served again.
	follows := func(text string) {
		t.Helper()
		p.expect("connected")
		eventually(t, func() bool { return schema.listening() == 1 }, "subscribed")
		schema.broadcast(text)
		require.Equal(t, `{"data":{"feed":"`+text+`"}}`, p.next().Text)
	}

	p.do("token", "", "short:1s")
	p.do("subscribe", "feed", `subscription{feed}`)
	follows("first")

	p.do("token", "", "good")
	expired := p.expect("closed")
	require.Equal(t, 4403, expired.Code)
	require.Equal(t, "token expired", expired.Text)
	require.Equal(t, "feed", <-schema.stopped)
	follows("with a new token")

	old := replace()
	require.NoError(t, old.Shutdown(context.Background()))
	require.Equal(t, 1012, p.expect("closed").Code)
	require.Equal(t, "feed", <-schema.stopped)
	follows("after a restart")

	p.do("pause", "", "")
	p.expect("paused")
	large := strings.Repeat("x", 64<<10)
	for stopped := false; !stopped; {
		schema.broadcast(large)
		select {
		case <-schema.stopped:
			stopped = true
		default:
		}
	}
	p.do("resume", "", "")
	slow := p.expect("closed")
	require.Equal(t, 1013, slow.Code)
	require.Contains(t, slow.Text, "too slow")
	follows("after falling behind")
}
