package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
)

const initGood = `{"type":"connection_init","payload":{"Authorization":"Bearer good"}}`

func subscribeMessage(id, query string) string {
	return fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":%s}`, id, document(query))
}

func TestSocketCloseCodes(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.ReadLimit = 20 << 10 })
	large := strings.Repeat("x", 21<<10)
	feed := subscribeMessage("1", `subscription{feed}`)
	for _, test := range []struct {
		name     string
		messages []string
		code     websocket.StatusCode
		reason   string
	}{
		{"init twice", []string{initGood, initGood}, 4429, "too many"},
		{"subscribe before init", []string{feed}, 4401, "unauthorized"},
		{"no payload", []string{`{"type":"connection_init"}`}, 4403, "token missing"},
		{"null payload", []string{`{"type":"connection_init","payload":null}`}, 4403, "token missing"},
		{"no token", []string{`{"type":"connection_init","payload":{"token":"good"}}`}, 4403, "token missing"},
		{"token is a number", []string{`{"type":"connection_init","payload":{"Authorization":1}}`}, 4403, "must be: Bearer"},
		{"token without scheme", []string{`{"type":"connection_init","payload":{"Authorization":"good"}}`}, 4403, "must be: Bearer"},
		{"token too long", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer ` + large[:9<<10] + `"}}`}, 4403, "too long"},
		{"invalid token", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer bad"}}`}, 4403, "invalid token"},
		{"expired token", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer expired"}}`}, 4403, "token expired"},
		{"identity store down", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer down"}}`}, 1013, "unavailable"},
		{"authenticator fault", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer fault"}}`}, 1013, "unavailable"},
		{"authenticator panic", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer panic"}}`}, 1013, "unavailable"},
		{"init payload a list", []string{`{"type":"connection_init","payload":[]}`}, 4400, "must be an object"},
		{"init payload a string", []string{`{"type":"connection_init","payload":"x"}`}, 4400, "must be an object"},
		{"init payload a number", []string{`{"type":"connection_init","payload": 5}`}, 4400, "must be an object"},
		{"init payload false", []string{`{"type":"connection_init","payload":false}`}, 4400, "must be an object"},
		{"ping payload a list", []string{`{"type":"ping","payload":[]}`}, 4400, "must be an object"},
		{"not JSON", []string{`{"type":`}, 4400, "not valid JSON"},
		{"trailing text", []string{initGood + "x"}, 4400, "not valid JSON"},
		{"a list", []string{`[]`}, 4400, "must be a JSON object"},
		{"null", []string{`null`}, 4400, "must be a JSON object"},
		{"empty", []string{``}, 4400, "not valid JSON"},
		{"not UTF-8", []string{"{\"type\":\"ping\",\"payload\":{\"a\":\"\xff\"}}"}, 4400, "UTF-8"},
		{"no type", []string{`{"id":"1"}`}, 4400, "type must be a string"},
		{"type a number", []string{`{"type":1}`}, 4400, "type must be a string"},
		{"unknown type", []string{initGood, `{"type":"start","id":"1"}`}, 4400, "unknown type"},
		{"server's own type", []string{initGood, `{"type":"connection_ack"}`}, 4400, "unknown type"},
		{"subscribe without id", []string{initGood, `{"type":"subscribe","payload":{"query":"{hello}"}}`}, 4400, "id must be"},
		{"subscribe with empty id", []string{initGood, subscribeMessage("", `{hello}`)}, 4400, "id must be"},
		{"subscribe with long id", []string{initGood, subscribeMessage(large[:257], `{hello}`)}, 4400, "id must be"},
		{"id a number", []string{initGood, `{"type":"complete","id":1}`}, 4400, "id must be"},
		{"subscribe without payload", []string{initGood, `{"type":"subscribe","id":"1"}`}, 4400, "payload must be an object"},
		{"subscribe with a batch", []string{initGood, `{"type":"subscribe","id":"1","payload":[{"query":"{hello}"}]}`}, 4400, "payload must be an object"},
		{"subscribe without query", []string{initGood, `{"type":"subscribe","id":"1","payload":{}}`}, 4400, "query is missing"},
		{"variables a list", []string{initGood, `{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":[]}}`}, 4400, "variables must be"},
		{"id in use", []string{initGood, feed, feed}, 4409, "Subscriber for 1 already exists"},
		{"long reason is cut", []string{initGood, subscribeMessage(large[:256], `subscription{feed}`), subscribeMessage(large[:256], `{hello}`)}, 4409, "Subscriber for xxx"},
		{"over the limit", []string{initGood, large}, 1009, "20480"},
		{"over the limit before init", []string{large[:17<<10]}, 1009, "16384"},
	} {
		t.Run(test.name, func(t *testing.T) {
			executed := e.schema.executed.Load()
			c := e.dial(transport.Subprotocol)
			for _, message := range test.messages {
				c.send(message)
			}
			end, _ := c.closed()
			require.Equal(t, test.code, end.Code, end.Reason)
			require.Contains(t, end.Reason, test.reason)
			require.NotContains(t, end.Reason, "secret")
			if test.messages[0] != initGood {
				require.Equal(t, executed, e.schema.executed.Load(), "nothing runs unauthenticated")
			}
			eventually(t, func() bool { return e.server.Sockets() == 0 }, "nothing of it runs any more")
		})
	}
	eventually(t, func() bool { return e.server.Sockets() == 0 }, "all sockets are gone")
	eventually(t, func() bool { return e.schema.listening() == 0 }, "all operations are gone")
}

func TestSocketSubprotocol(t *testing.T) {
	e := start(t, nil)
	for _, offered := range [][]string{nil, {"graphql-ws"}} {
		end, _ := e.dial(offered...).closed()
		require.Equal(t, websocket.StatusCode(4406), end.Code)
	}
	c := e.dial("graphql-ws", transport.Subprotocol)
	require.Equal(t, transport.Subprotocol, c.conn.Subprotocol())
}

func TestSocketInitTimeout(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.InitTimeout = 20 * time.Millisecond })
	end, _ := e.dial(transport.Subprotocol).closed()
	require.Equal(t, websocket.StatusCode(4408), end.Code)
}

func TestSocketBinaryMessage(t *testing.T) {
	e := start(t, nil)
	c := e.dial(transport.Subprotocol)
	require.NoError(t, c.conn.Write(context.Background(), websocket.MessageBinary, []byte(initGood)))
	end, _ := c.closed()
	require.Equal(t, websocket.StatusCode(4400), end.Code)
}

func TestSocketTokenInLowerCase(t *testing.T) {
	e := start(t, nil)
	c := e.dial(transport.Subprotocol)
	c.send(`{ "type" : "connection_init" , "payload" :  {"authorization":"bearer good"} }`)
	require.Equal(t, "connection_ack", c.next().Type)
	c.subscribe("1", `{viewer}`)
	require.JSONEq(t, `{"data":{"viewer":"good"}}`, string(c.next().Payload))
}

func TestSocketOrigins(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.OriginPatterns = []string{"https://*.friend.test"} })
	host := strings.TrimPrefix(e.url, "http://")
	for origin, allowed := range map[string]bool{
		"":                         true,
		"http://" + host:           true,
		"https://app.friend.test":  true,
		"http://app.friend.test":   false,
		"https://friend.test.evil": false,
		"null":                     false,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, resp, err := websocket.Dial(context.Background(), e.url, &websocket.DialOptions{
			HTTPHeader: header, Subprotocols: []string{transport.Subprotocol}, HTTPClient: e.http,
		})
		if allowed {
			require.NoError(t, err, origin)
			_ = conn.CloseNow()
			continue
		}
		require.Error(t, err, origin)
		require.Equal(t, http.StatusForbidden, resp.StatusCode)
		var body struct {
			Errors []struct{ Extensions map[string]string }
		}
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&body))
		require.Equal(t, codes.ForbiddenOrigin, body.Errors[0].Extensions["code"])
	}
}

func TestSocketBrokenUpgradeIsAGraphQLError(t *testing.T) {
	e := start(t, nil)
	a := e.do(e.request("GET", "", "", "Upgrade", "websocket", "Connection", "Upgrade"))
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Equal(t, codes.BadRequest, a.code())
	require.Zero(t, e.server.Sockets())
}

func TestSocketPing(t *testing.T) {
	e := start(t, nil)
	c := e.dial(transport.Subprotocol)
	for _, test := range []struct{ ping, pong string }{
		{`{"type":"ping"}`, ``},
		{`{"type":"ping","payload":null}`, ``},
		{`{"type":"ping","payload":{"at":12345678901234567890}}`, `{"at":12345678901234567890}`},
	} {
		c.send(test.ping)
		pong := c.next()
		require.Equal(t, "pong", pong.Type)
		require.Equal(t, test.pong, string(pong.Payload))
	}
}

func TestSocketPongKeepsAlive(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.PingInterval = 5 * time.Millisecond })
	c := e.connect("good")
	for range 5 {
		require.Equal(t, "ping", c.next().Type)
		c.send(`{"type":"pong"}`)
	}
}

func TestSocketWithoutPongIsDropped(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		o.Socket.PingInterval, o.Socket.PongTimeout = 20*time.Millisecond, 500*time.Millisecond
	})
	end, before := e.connect("good").closed()
	require.Equal(t, websocket.StatusCode(1013), end.Code)
	require.Contains(t, end.Reason, "ping")
	require.Equal(t, "ping", before[0].Type)
}

func TestSocketTokenExpiry(t *testing.T) {
	e := start(t, nil)
	c := e.dial(transport.Subprotocol)
	c.send(strings.Replace(initGood, "good", "short:300ms", 1))
	c.subscribe("1", `subscription{feed}`)
	end, before := c.closed()
	require.Equal(t, websocket.StatusCode(4403), end.Code)
	require.Equal(t, "token expired", end.Reason)
	require.Len(t, before, 1, "an ack, and no complete: %v", before)
	require.Equal(t, "feed", <-e.schema.stopped)
}

func TestSocketShutdown(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	c.subscribe("1", `subscription{feed}`)
	eventually(t, func() bool { return e.schema.listening() == 1 }, "subscribed")
	unready := e.dial(transport.Subprotocol)

	done := make(chan error, 1)
	go func() { done <- e.server.Shutdown(context.Background()) }()
	end, before := c.closed()
	require.Equal(t, websocket.StatusCode(1012), end.Code)
	require.Empty(t, before, "no complete")
	end, _ = unready.closed()
	require.Equal(t, websocket.StatusCode(1012), end.Code)
	require.NoError(t, <-done)
	require.Zero(t, e.server.Sockets())
	require.Equal(t, "feed", <-e.schema.stopped)

	_, resp, err := websocket.Dial(context.Background(), e.url, &websocket.DialOptions{HTTPClient: e.http})
	require.Error(t, err)
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	require.Equal(t, 200, e.post(document(`{hello}`)).status, "HTTP is not its business")
}

func TestSocketShutdownGivesUpWithItsContext(t *testing.T) {
	e := start(t, nil)
	c := e.connect("good")
	c.subscribe("1", `subscription{stubborn}`)
	<-e.schema.waiting
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, e.server.Shutdown(ctx), context.DeadlineExceeded)
	require.Equal(t, 1, e.server.Sockets(), "a resolver that does not listen is not forgotten")
	close(e.schema.letGo)
	require.NoError(t, e.server.Shutdown(context.Background()))
}

func TestShutdownWithoutSockets(t *testing.T) {
	e := start(t, nil)
	require.NoError(t, e.server.Shutdown(context.Background()))
	require.NoError(t, e.server.Shutdown(context.Background()))
}
