package transport_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
)

// Sockets that are refused and closed are told of by words that clients do not
// choose, and an address has its share.
func TestConnectionsOfAnAddressAreBounded(t *testing.T) {
	observer := &queuedPayload{}
	e := start(t, func(o *transport.Options) {
		o.Observer, o.Socket.ConnectionsByAddress, o.Socket.ConnectionsByPrincipal = observer, 2, 1
	})
	first, second := e.connect("good:1"), e.dial(transport.Subprotocol)
	no := e.do(e.request("GET", "", "", "Connection", "Upgrade", "Upgrade", "websocket"))
	require.Equal(t, 429, no.status)
	require.Equal(t, codes.RateLimited, no.code())
	require.NotEmpty(t, no.header.Get("Retry-After"))
	second.send(`{"type":"connection_init","payload":{"Authorization":"Bearer good:1"}}`)
	end, _ := second.closed()
	require.EqualValues(t, 1013, end.Code)
	require.NoError(t, first.conn.Close(3999, "my own"))
	eventually(t, func() bool { return e.server.Sockets() == 0 }, "closed")
	third := e.connect("good:1")
	_ = third.conn.CloseNow()
	eventually(t, func() bool { return e.server.Sockets() == 0 }, "lost")
	observer.mu.Lock()
	defer observer.mu.Unlock()
	require.Equal(t, []string{"connection refused address", "connection refused principal", "closed 1013", "closed client", "closed lost"}, observer.words)
}
