package jetstream_test

import (
	"testing"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/sink/jetstream"
)

// made makes a stream as somebody else may have, before the program does.
func made(t *testing.T, url string, config js.StreamConfig) js.Stream {
	t.Helper()
	conn, err := nats.Connect(url)
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	at, err := js.New(conn)
	require.NoError(t, err)
	out, err := at.CreateStream(t.Context(), config)
	require.NoError(t, err)
	return out
}

// What another stream takes is not in this one, which would get it with every start: it is an
// error, and nothing is stored there.
func TestAStreamWithOtherSubjects(t *testing.T) {
	s := broker(t, t.TempDir(), -1)
	made(t, s.ClientURL(), js.StreamConfig{Name: "SWITCHBOARD", Subjects: []string{"else.>"}})
	other := made(t, s.ClientURL(), js.StreamConfig{Name: "OTHER", Subjects: []string{"switchboard.>"}})
	l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
	l.grow("acme", 3)
	r := l.runner(s.ClientURL())
	require.ErrorContains(t, r.Run(t.Context()), "expected stream does not match")
	info, err := other.Info(t.Context())
	require.NoError(t, err)
	require.Zero(t, info.State.Msgs)
	require.Zero(t, r.Written())
}

// A stream that cannot tell what it has is refused with what to do, before anything is sent.
func TestAStreamThatCannotTellWhatItHas(t *testing.T) {
	for want, config := range map[string]js.StreamConfig{
		"no_ack":    {NoAck: true},
		"WorkQueue": {Retention: js.WorkQueuePolicy},
		"Interest":  {Retention: js.InterestPolicy},
		"":          {MaxMsgsPerSubject: 1, Storage: js.MemoryStorage},
	} {
		s := broker(t, t.TempDir(), -1)
		config.Name, config.Subjects = "SWITCHBOARD", []string{"switchboard.>"}
		made(t, s.ClientURL(), config)
		sink, err := jetstream.Open(t.Context(), s.ClientURL())
		if want == "" {
			require.NoError(t, err)
			sink.Close()
			continue
		}
		require.ErrorContains(t, err, want)
	}
}
