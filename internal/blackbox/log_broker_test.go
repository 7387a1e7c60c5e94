package blackbox_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"switchboard/internal/faultlink"
	"switchboard/internal/logcheck"
)

// logBroker is a JetStream server behind a proxy.
type logBroker struct {
	t    *testing.T
	link *faultlink.Link
	js   jetstream.JetStream
	got  []logcheck.Delivery
	next uint64 // the first message that was not read
}

func newLogBroker(t *testing.T) *logBroker {
	t.Helper()
	broker, err := natsd.NewServer(&natsd.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	broker.Start()
	t.Cleanup(func() { broker.Shutdown(); broker.WaitForShutdown() })
	require.True(t, broker.ReadyForConnections(time.Minute))
	at, err := url.Parse(broker.ClientURL())
	require.NoError(t, err)
	b := &logBroker{t: t, next: 1}
	b.link, err = faultlink.Listen(t.Context(), at.Host)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.link.Close()) })
	conn, err := nats.Connect(broker.ClientURL())
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	b.js, err = jetstream.New(conn)
	require.NoError(t, err)
	return b
}

// target is where servers find the broker.
func (b *logBroker) target() string { return "nats://" + b.link.Addr() }

// receiver is what the stream has. Everything is in it once, in the order of the log.
func (b *logBroker) receiver() logcheck.Receiver {
	b.t.Helper()
	if stream, err := b.js.Stream(b.t.Context(), "SWITCHBOARD"); err == nil {
		info, err := stream.Info(b.t.Context())
		require.NoError(b.t, err)
		for ; b.next <= info.State.LastSeq; b.next++ {
			m, err := stream.GetMsg(b.t.Context(), b.next)
			require.NoError(b.t, err)
			b.got = append(b.got, b.delivery(m.Data))
		}
	}
	return logcheck.Receiver{Name: "the broker", Order: logcheck.InAll, Once: true, Got: b.got}
}

func (b *logBroker) delivery(body []byte) (d logcheck.Delivery) {
	b.t.Helper()
	var event struct {
		ID, Sequence string
		Data         struct {
			Version int
			To      struct{ Status, Assignee string }
		}
	}
	require.NoError(b.t, json.Unmarshal(body, &event))
	_, err := fmt.Sscan(event.Sequence, &d.Sequence)
	require.NoError(b.t, err, "%s", body)
	d.ID = plainID(event.ID)
	if to := event.Data.To; event.Data.Version > 0 {
		d.State = &logcheck.State{Owner: plainID(to.Assignee), Status: to.Status, Version: event.Data.Version}
	}
	return d
}
