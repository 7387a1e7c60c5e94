package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"

	"switchboard/transport"
	"switchboard/transport/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds waiting for something that must come; a test that passes never uses it up.
const patience = 30 * time.Second

// tokens is an Authenticator for whom the token says what is to happen.
type tokens struct{ asked atomic.Int64 }

var _ guard.Authenticator = (*tokens)(nil)

func (a *tokens) Authenticate(_ context.Context, token string) (guard.Identity, error) {
	a.asked.Add(1)
	id := guard.Identity{Key: token, Tenant: "tenant", Context: func(ctx context.Context) context.Context {
		return context.WithValue(ctx, principalKey{}, token)
	}}
	kind, rest, _ := strings.Cut(token, ":")
	switch kind {
	case "visitor":
		id.Class = kind
		id.Tenant, _, _ = strings.Cut(rest, ":")
		return id, nil
	case "good":
		return id, nil
	case "short":
		lifetime, err := time.ParseDuration(rest)
		id.Expires = time.Now().Add(lifetime)
		return id, err
	case "poison":
		id.Context = func(context.Context) context.Context { panic("secret") }
		return id, nil
	case "expired":
		return id, &guard.AuthError{Kind: guard.AuthExpired}
	case "down":
		return id, &guard.AuthError{Kind: guard.AuthUnavailable, Err: errors.New("db-secret refused the connection")}
	case "fault":
		return id, errors.New("db-secret is on fire")
	case "panic":
		panic("db-secret")
	default:
		return id, &guard.AuthError{Kind: guard.AuthInvalid, Err: errors.New("db-secret says no")}
	}
}

type env struct {
	t      *testing.T
	url    string
	schema *fakeSchema
	auth   *tokens
	server *transport.Server
	http   *http.Client
	web    *httptest.Server
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// options are what most tests use.
func options(auth guard.Authenticator) transport.Options {
	return transport.Options{
		Authenticator: auth, Logger: quiet(), Introspection: true,
		Recover: func(_ context.Context, value any) error {
			return &gqlerror.Error{Message: "recovered", Extensions: map[string]any{"code": "INTERNAL"}}
		},
	}
}

// start serves a fake schema on a free port until the test ends.
func start(t *testing.T, change func(*transport.Options)) *env {
	t.Helper()
	e := &env{t: t, schema: newFakeSchema(), auth: &tokens{}}
	o := options(e.auth)
	o.Share = e.schema.share
	if change != nil {
		change(&o)
	}
	server, err := transport.New(e.schema, o)
	require.NoError(t, err)
	e.server = server
	e.web = httptest.NewServer(server)
	e.url, e.http = e.web.URL, e.web.Client()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, server.Shutdown(ctx))
		e.web.Close()
		stats := server.Stats()
		require.Zero(t, stats.Subscriptions, "each was given back")
		require.Zero(t, stats.Bytes)
		require.Zero(t, stats.Beginning)
	})
	return e
}

// answer is a response as tests look at it.
type answer struct {
	status int
	header http.Header
	text   string
	body   struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Path       []any
			Extensions map[string]any
		}
	}
}

func (a answer) code() any {
	if len(a.body.Errors) == 0 {
		return nil
	}
	return a.body.Errors[0].Extensions["code"]
}

func (e *env) do(req *http.Request) answer {
	e.t.Helper()
	resp, err := e.http.Do(req)
	require.NoError(e.t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(e.t, err)
	a := answer{status: resp.StatusCode, header: resp.Header, text: string(data)}
	if len(data) > 0 {
		require.NoError(e.t, json.Unmarshal(data, &a.body), "not JSON: %s", data)
	}
	return a
}

func (e *env) request(method, query, body string, header ...string) *http.Request {
	e.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, e.url+"?"+query, strings.NewReader(body))
	require.NoError(e.t, err)
	req.Header.Set("Authorization", "Bearer good")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Del(header[i])
		if header[i+1] != "" {
			req.Header.Set(header[i], header[i+1])
		}
	}
	return req
}

func (e *env) post(body string, header ...string) answer {
	e.t.Helper()
	return e.do(e.request(http.MethodPost, "", body, header...))
}

func document(query string) string {
	data, _ := json.Marshal(map[string]string{"query": query})
	return string(data)
}

// client is one WebSocket to the server.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (e *env) dial(subprotocols ...string) *client {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, e.url, &websocket.DialOptions{Subprotocols: subprotocols, HTTPClient: e.http})
	require.NoError(e.t, err)
	conn.SetReadLimit(-1)
	e.t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{t: e.t, conn: conn}
}

// connect returns a socket that is acknowledged.
func (e *env) connect(token string) *client {
	e.t.Helper()
	c := e.dial(transport.Subprotocol)
	c.send(fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, token))
	require.Equal(e.t, "connection_ack", c.next().Type)
	return c
}

func (c *client) send(text string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(c.t, c.conn.Write(ctx, websocket.MessageText, []byte(text)))
}

func (c *client) subscribe(id, query string) {
	c.t.Helper()
	c.send(fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":%s}`, id, document(query)))
}

type reply struct {
	ID, Type string
	Payload  json.RawMessage
}

func (r reply) String() string { return fmt.Sprintf("%s %s %s", r.ID, r.Type, r.Payload) }

func (c *client) read() (reply, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, data, err := c.conn.Read(ctx)
	if err != nil {
		return reply{}, err
	}
	var r reply
	return r, json.Unmarshal(data, &r)
}

func (c *client) next() reply {
	c.t.Helper()
	r, err := c.read()
	require.NoError(c.t, err)
	return r
}

// closed reads until the close frame, and returns it with what came before.
func (c *client) closed() (websocket.CloseError, []reply) {
	c.t.Helper()
	var before []reply
	for {
		r, err := c.read()
		if err != nil {
			var end websocket.CloseError
			require.ErrorAs(c.t, err, &end, "after %v", before)
			return end, before
		}
		before = append(before, r)
	}
}

// eventually waits for what no event announces.
func eventually(t *testing.T, condition func() bool, what string) {
	t.Helper()
	require.Eventually(t, condition, patience, time.Millisecond, what)
}
