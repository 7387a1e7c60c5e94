package transport_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/transport"
)

// descriptors returns how many files and sockets this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}

func TestIllFormedInputLeaksNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("descriptors are counted in /proc, which this system has not")
	}
	e := start(t, func(o *transport.Options) {
		o.Socket.CloseGrace, o.Socket.InitTimeout = 50*time.Millisecond, 50*time.Millisecond
		o.Socket.PingInterval, o.Socket.PongTimeout = 50*time.Millisecond, 50*time.Millisecond
	})
	e.http.CloseIdleConnections()
	goroutines := goleak.IgnoreCurrent()
	for name, input := range map[string]string{
		"nothing":                  "",
		"garbage":                  "garbage that is no frame at all",
		"half a header":            "\x81",
		"half a message":           text(initGood)[:20],
		"unmasked":                 "\x81\x02{}",
		"reserved bits":            "\xF1\x80\x00\x00\x00\x00",
		"unknown opcode":           "\x83\x80\x00\x00\x00\x00",
		"continuation of nothing":  "\x80\x80\x00\x00\x00\x00",
		"fragmented ping":          "\x09\x80\x00\x00\x00\x00",
		"close with bad code":      "\x88\x82\x00\x00\x00\x00\x00\x01",
		"close with one byte":      "\x88\x81\x00\x00\x00\x00\x01",
		"negative length":          "\x81\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00\x00\x00",
		"enormous length":          "\x81\xFF\x00\x00\x7F\xFF\xFF\xFF\xFF\xFF\x00\x00\x00\x00x",
		"init payload no object":   text(`{"type":"connection_init","payload":1}`),
		"unknown type":             text(initGood) + text(`{"type":"x"}`),
		"operation, then garbage":  text(initGood) + text(subscribeMessage("1", `subscription{feed}`)) + "garbage, garbage",
		"operation, then half":     text(initGood) + text(subscribeMessage("1", `subscription{feed}`)) + "\x81\x85",
		"operation, twice":         text(initGood) + text(subscribeMessage("1", `subscription{feed}`)) + text(subscribeMessage("1", `{hello}`)),
		"messages after the error": text(`[]`) + text(initGood) + text(subscribeMessage("1", `{hello}`)),
	} {
		t.Run(name, func(t *testing.T) {
			before := descriptors(t)
			for range 5 {
				raw := e.rawSocket()
				_, err := io.WriteString(raw, input)
				require.NoError(t, err)
				// The server ends it; this side stays open until all is counted.
				_, _ = io.Copy(io.Discard, raw)
				defer raw.Close()
			}
			eventually(t, func() bool { return e.server.Sockets() == 0 }, "sockets gone")
			require.LessOrEqual(t, descriptors(t), before+5, "only the five of the test are open")
		})
	}
	goleak.VerifyNone(t, goroutines)
}

func TestManyClientsLeaveNothingBehind(t *testing.T) {
	e := start(t, nil)
	goroutines := goleak.IgnoreCurrent()
	clients := make([]*client, 50)
	for i := range clients {
		clients[i] = e.connect("good")
		clients[i].subscribe("1", `subscription{feed}`)
	}
	eventually(t, func() bool { return e.schema.listening() == len(clients) }, "all subscribed")
	for _, c := range clients {
		_ = c.conn.CloseNow()
	}
	eventually(t, func() bool { return e.server.Sockets() == 0 }, "all gone")
	goleak.VerifyNone(t, goroutines)
}

// A subscription of one caller that waits has no goroutine: its socket has the one that
// waits for input.
func TestASubscriptionThatWaitsHasNoGoroutine(t *testing.T) {
	const sockets, subscriptions = 10, 10
	e := start(t, func(o *transport.Options) { o.Socket.PingInterval = time.Hour })
	clients := make([]*client, sockets)
	for i := range clients {
		clients[i] = e.connect("good")
	}
	before := runtime.NumGoroutine()
	for range 3 {
		for _, c := range clients {
			for id := range subscriptions {
				c.subscribe(fmt.Sprint(id), `subscription{feed}`)
			}
		}
		eventually(t, func() bool { return e.schema.listening() == sockets*subscriptions }, "all subscribed")
		eventually(t, func() bool { return runtime.NumGoroutine() < before+sockets }, "nobody waits")
		e.schema.broadcast("news")
		eventually(t, func() bool { return runtime.NumGoroutine() < before+sockets }, "nobody waits again")
		for _, c := range clients {
			for range subscriptions {
				require.Equal(t, "next", c.next().Type)
			}
			for id := range subscriptions {
				c.send(fmt.Sprintf(`{"id":"%d","type":"complete"}`, id))
			}
		}
		eventually(t, func() bool { return e.schema.listening() == 0 }, "all have ended")
	}
}
