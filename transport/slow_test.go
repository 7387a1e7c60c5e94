package transport_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// B:V10
func TestSlowReaderIsClosedAndHoldsUpNobody(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		o.Socket.QueueBytes = 256 << 10
		// The slow reader is given all the time it needs to find out.
		o.Socket.CloseGrace, o.Socket.WriteTimeout = patience, patience
	})
	slow, fast := e.connect("good"), e.connect("good")
	slow.subscribe("s", `subscription{feed}`)
	fast.subscribe("f", `subscription{feed}`)
	eventually(t, func() bool { return e.schema.listening() == 2 }, "both subscribed")

	event := strings.Repeat("x", 64<<10)
	stopped := false
	for n := 0; !stopped; n++ {
		require.Less(t, n, 10_000, "the slow reader is never closed")
		e.schema.broadcast(event)
		require.Equal(t, "next", fast.next().Type)
		select {
		case <-e.schema.stopped:
			stopped = true
		default:
		}
	}
	end, before := slow.closed()
	require.Equal(t, websocket.StatusCode(1013), end.Code)
	require.Contains(t, end.Reason, "too slow")
	for _, r := range before {
		require.Equal(t, "next", r.Type, "no complete")
	}
	e.schema.broadcast("still here")
	require.Contains(t, string(fast.next().Payload), "still here")
}

// One answer larger than the queue is no sign of a slow reader.
func TestLargeAnswerPasses(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.QueueBytes = 1000 })
	c := e.connect("good")
	c.subscribe("1", `{big(bytes:3000000)}`)
	require.Greater(t, len(c.next().Payload), 3_000_000)
	require.Equal(t, "complete", c.next().Type)
}

// rawSocket returns a TCP connection that has become an authenticated WebSocket.
func (e *env) rawSocket() net.Conn {
	e.t.Helper()
	raw, err := net.Dial("tcp", strings.TrimPrefix(e.url, "http://"))
	require.NoError(e.t, err)
	e.t.Cleanup(func() { _ = raw.Close() })
	require.NoError(e.t, raw.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(raw, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
	require.NoError(e.t, err)
	return raw
}

// text returns a masked text frame, with a mask of zeros.
func text(payload string) string {
	n := len(payload)
	return "\x81" + string([]byte{0xFE, byte(n >> 8), byte(n)}) + "\x00\x00\x00\x00" + payload
}

func TestStalledPeerIsDropped(t *testing.T) {
	for name, change := range map[string]func(*transport.Options){
		"one frame takes too long": func(o *transport.Options) { o.Socket.WriteTimeout = 50 * time.Millisecond },
		"no pong": func(o *transport.Options) {
			o.Socket.PingInterval, o.Socket.PongTimeout = 50*time.Millisecond, 50*time.Millisecond
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := start(t, func(o *transport.Options) {
				o.Socket.CloseGrace = 50 * time.Millisecond
				change(o)
			})
			raw := e.rawSocket()
			// More than the buffers of both kernels hold, and it never reads.
			_, err := io.WriteString(raw, text(initGood)+text(subscribeMessage("1", `{big(bytes:50000000)}`)))
			require.NoError(t, err)
			eventually(t, func() bool { return e.schema.executed.Load() == 1 }, "executed")
			eventually(t, func() bool { return e.server.Sockets() == 0 }, "dropped")
		})
	}
}

func TestBrokenFramingIsAProtocolError(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.CloseGrace = 50 * time.Millisecond })
	raw := e.rawSocket()
	_, err := io.WriteString(raw, "\xF1\x80\x00\x00\x00\x00") // all reserved bits set
	require.NoError(t, err)
	answer, _ := io.ReadAll(raw)
	require.Contains(t, string(answer), "\x03\xEA", "a close frame with 1002")
}
