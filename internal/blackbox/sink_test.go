package blackbox_test

import (
	"encoding/json"
	"testing"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// What a client does is in the stream of the broker, with the ids that the API has, and
// every sequence of the workspace is there once.
func TestTheLogInABroker(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	broker, err := natsd.NewServer(&natsd.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	broker.Start()
	t.Cleanup(func() { broker.Shutdown(); broker.WaitForShutdown() })
	require.True(t, broker.ReadyForConnections(time.Minute))
	s := demo(t, "--memory", "--sink", broker.ClientURL())
	d := s.desk(t, "demo")
	id := d.owned(d.agent1)
	event := str(t, d.manager.must("takeOverConversation", object{"conversationId": id}), "event.id")

	conn, err := nats.Connect(broker.ClientURL())
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	var sequences []string
	eventually(t, "the takeover is in the stream", func() bool {
		var found bool
		sequences, found = nil, false
		stream, err := js.Stream(t.Context(), "SWITCHBOARD")
		if err != nil {
			return false
		}
		info, err := stream.Info(t.Context())
		require.NoError(t, err)
		for n := info.State.FirstSeq; n > 0 && n <= info.State.LastSeq; n++ {
			m, err := stream.GetMsg(t.Context(), n)
			require.NoError(t, err)
			var body struct {
				ID, Subject, Type, Sequence, Source string
			}
			require.NoError(t, json.Unmarshal(m.Data, &body))
			if body.ID == event {
				require.Equal(t, id, body.Subject)
				require.Equal(t, "conversation.taken_over", body.Type)
				found = true
			}
			sequences = append(sequences, body.Source+" "+body.Sequence)
		}
		return found
	})
	seen := map[string]bool{}
	for _, one := range sequences {
		require.False(t, seen[one], one)
		seen[one] = true
	}
	require.Greater(t, len(seen), 200, "what the demo did before is there too")
}
