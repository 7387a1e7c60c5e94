package transport_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// Names of headers have no case, but some clients look for those of RFC 6455 as they
// are spelled there: gql for Python takes a server for an old one that sends
// Sec-Websocket-Protocol.
func TestTheHandshakeIsSpelledAsInItsSpecification(t *testing.T) {
	e := start(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(e.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"))
	require.NoError(t, err)
	lines := bufio.NewScanner(conn)
	var names []string
	for lines.Scan() && lines.Text() != "" {
		name, _, _ := strings.Cut(lines.Text(), ":")
		require.NotContains(t, name, "Websocket", "every header of the kind")
		names = append(names, name)
	}
	require.Subset(t, names, []string{"Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"})
}

// Clients outside of a browser send their token where they send it with every request.
func TestTheUpgradeMayCarryTheToken(t *testing.T) {
	e := start(t, nil)
	for name, row := range map[string]struct {
		header http.Header
		init   string
		viewer string // empty: refused with reason
		reason string
	}{
		"upgrade alone, no payload":      {http.Header{"Authorization": {"Bearer good:header"}}, `{"type":"connection_init"}`, "good:header", ""},
		"upgrade alone, null payload":    {http.Header{"Authorization": {"Bearer good:header"}}, `{"type":"connection_init","payload":null}`, "good:header", ""},
		"upgrade alone, other payload":   {http.Header{"Authorization": {"bearer good:header"}}, `{"type":"connection_init","payload":{"a":1}}`, "good:header", ""},
		"upgrade, and an empty one":      {http.Header{"Authorization": {"Bearer good:header"}}, `{"type":"connection_init","payload":{"Authorization":""}}`, "good:header", ""},
		"both: the message counts":       {http.Header{"Authorization": {"Bearer good:header"}}, `{"type":"connection_init","payload":{"Authorization":"Bearer good:init"}}`, "good:init", ""},
		"a good one does not mend a bad": {http.Header{"Authorization": {"Bearer good:header"}}, `{"type":"connection_init","payload":{"Authorization":"Bearer bad"}}`, "", "invalid token"},
		"a bad one":                      {http.Header{"Authorization": {"Bearer bad"}}, `{"type":"connection_init"}`, "", "invalid token"},
		"no bearer":                      {http.Header{"Authorization": {"Basic x"}}, `{"type":"connection_init"}`, "", "must be: Bearer"},
		"two":                            {http.Header{"Authorization": {"Bearer good", "Bearer good"}}, `{"type":"connection_init"}`, "", "one Authorization header"},
		"none":                           {nil, `{"type":"connection_init"}`, "", "token missing"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			conn, _, err := websocket.Dial(ctx, e.url, &websocket.DialOptions{Subprotocols: []string{transport.Subprotocol}, HTTPClient: e.http, HTTPHeader: row.header})
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.CloseNow() })
			c := &client{t: t, conn: conn}
			c.send(row.init)
			if row.viewer == "" {
				end, _ := c.closed()
				require.EqualValues(t, 4403, end.Code)
				require.Contains(t, end.Reason, row.reason)
				return
			}
			require.Equal(t, "connection_ack", c.next().Type)
			c.subscribe("1", `{viewer}`)
			require.Contains(t, c.next().String(), `"viewer":"`+row.viewer+`"`)
		})
	}
}
