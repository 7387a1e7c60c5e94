package jetstream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"switchboard/cloudevent"
	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/sink"
	"switchboard/sink/jetstream"
)

// broker starts a server whose stream is in a folder, so that it can be started again.
func broker(t *testing.T, folder string, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: folder, NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(30*time.Second))
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

// logs is the logs of workspaces in memory.
type logs struct {
	mu sync.Mutex
	of map[workspace.WorkspaceID][]eventlog.Record
	// refused is why nothing of a workspace is written.
	refused map[workspace.WorkspaceID]error
}

func (l *logs) Read(_ context.Context, ws workspace.WorkspaceID, after eventlog.Sequence, limit int) ([]eventlog.Record, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.of[ws]
	from := min(int(after), len(all))
	return slices.Clone(all[from:min(from+limit, len(all))]), nil
}

func (l *logs) grow(ws workspace.WorkspaceID, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		at := len(l.of[ws]) + 1
		c := inbox.ConversationID(fmt.Sprint("c.", at%7))
		l.of[ws] = append(l.of[ws], eventlog.Record{
			Entry: eventlog.Entry{Workspace: ws, Sequence: eventlog.Sequence(at), Kind: eventlog.Ownership, ID: fmt.Sprint("e", at), Conversation: c, At: time.Unix(int64(at), 0).UTC()},
			Content: inbox.Event{
				Kind: inbox.EventClaimed, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}, Version: at, Epoch: at,
				To: inbox.Ownership{Status: inbox.Open, Assignee: "mia"},
			},
		})
	}
}

func (l *logs) workspaces(context.Context) (all []workspace.WorkspaceID, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ws := range l.of {
		all = append(all, ws)
	}
	return all, nil
}

func events() cloudevent.Maker {
	return cloudevent.Maker{GlobalID: func(typeName, id string) string { return typeName + ":" + id }}
}

func (l *logs) runner(url string) *sink.Runner {
	open := func(ctx context.Context) (sink.Sink, error) { return jetstream.Open(ctx, url) }
	return sink.NewRunner(open, l, events(), l.workspaces, func(ws workspace.WorkspaceID, why error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.refused == nil {
			l.refused = map[workspace.WorkspaceID]error{}
		}
		l.refused[ws] = why
	})
}

// run runs until stop, again after each failure, as the holder of the lease does.
func run(t *testing.T, r *sink.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			_ = r.Run(ctx)
		}
	}()
	return func() { cancel(); <-ended }
}

// stored reads the whole stream: the sequences of each workspace, in the order of the
// stream, and the subject and body of each message.
func stored(t *testing.T, url string) (sequences map[string][]int, bodies []map[string]any, subjects []string) {
	t.Helper()
	conn, err := nats.Connect(url)
	require.NoError(t, err)
	defer conn.Close()
	stream, err := js.New(conn)
	require.NoError(t, err)
	s, err := stream.Stream(t.Context(), "SWITCHBOARD")
	require.NoError(t, err)
	info, err := s.Info(t.Context())
	require.NoError(t, err)
	sequences = map[string][]int{}
	for n := info.State.FirstSeq; n <= info.State.LastSeq && n > 0; n++ {
		m, err := s.GetMsg(t.Context(), n)
		require.NoError(t, err)
		var body map[string]any
		require.NoError(t, json.Unmarshal(m.Data, &body))
		var at int
		_, err = fmt.Sscan(body["sequence"].(string), &at)
		require.NoError(t, err)
		sequences[body["source"].(string)] = append(sequences[body["source"].(string)], at)
		bodies, subjects = append(bodies, body), append(subjects, m.Subject)
	}
	return sequences, bodies, subjects
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// total reports whether the stream is there, and has so many messages.
func total(t *testing.T, url string, want uint64) func() bool {
	t.Helper()
	return func() bool {
		conn, err := nats.Connect(url)
		if err != nil {
			return false
		}
		defer conn.Close()
		stream, err := js.New(conn)
		require.NoError(t, err)
		s, err := stream.Stream(t.Context(), "SWITCHBOARD")
		if err != nil {
			return false
		}
		info, err := s.Info(t.Context())
		return err == nil && info.State.Msgs >= want
	}
}

// The whole log of each workspace is in the stream, each in its order, what was there
// before and what comes.
func TestTheStreamHasTheLog(t *testing.T) {
	s := broker(t, t.TempDir(), -1)
	l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
	l.grow("acme", 250)
	l.grow("a.b>", 3)
	r := l.runner(s.ClientURL())
	stop := run(t, r)
	require.Eventually(t, total(t, s.ClientURL(), 253), 30*time.Second, 10*time.Millisecond)
	l.grow("acme", 5)
	l.grow("late", 2)
	r.Numbered(eventlog.Entry{Workspace: "acme", Sequence: 255})
	r.Numbered(eventlog.Entry{Workspace: "late", Sequence: 2})
	require.Eventually(t, total(t, s.ClientURL(), 260), 30*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return r.Written() == 260 }, 30*time.Second, 10*time.Millisecond, "it is told so")
	stop()
	sequences, bodies, subjects := stored(t, s.ClientURL())
	require.Equal(t, map[string][]int{
		"/switchboard/workspaces/Workspace:acme": upTo(255), "/switchboard/workspaces/Workspace:a.b>": upTo(3), "/switchboard/workspaces/Workspace:late": upTo(2),
	}, sequences)
	require.Contains(t, subjects, "switchboard.a=2Eb=3E.c=2E1")
	first := bodies[slices.Index(subjects, "switchboard.acme.c=2E1")]
	require.Equal(t, map[string]any{
		"specversion": "1.0", "id": "AssignmentEvent:e1", "source": "/switchboard/workspaces/Workspace:acme", "type": "conversation.claimed",
		"subject": "Conversation:c.1", "time": "1970-01-01T00:00:01Z", "sequence": "1", "datacontenttype": "application/json",
		"data": map[string]any{
			"conversation": "Conversation:c.1", "kind": "CLAIMED", "at": "1970-01-01T00:00:01Z",
			"actor": map[string]any{"kind": "MEMBER", "id": "Member:mia"}, "version": 1.0, "epoch": 1.0,
			"from": map[string]any{"status": ""}, "to": map[string]any{"status": "OPEN", "assignee": "Member:mia"},
		},
	}, first)
}

// Two servers that both write, brokers that are killed and come back, runners that are cut
// anywhere: nothing is missing, nothing is there twice, and each log is in its order.
func TestNothingIsMissingOrTwice(t *testing.T) {
	folder := t.TempDir()
	s := broker(t, folder, -1)
	url := s.ClientURL()
	l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
	for range 6 {
		l.grow("acme", 60)
		l.grow("beta", 40)
		var stops []func()
		for range 2 {
			r := l.runner(url)
			stops = append(stops, run(t, r))
		}
		if rand.N(2) == 0 {
			require.Eventually(t, total(t, url, 1), 30*time.Second, time.Millisecond)
		}
		for _, stop := range stops {
			stop()
		}
	}
	stop := run(t, l.runner(url))
	require.Eventually(t, total(t, url, 600), 60*time.Second, 10*time.Millisecond)
	stop()
	sequences, _, _ := stored(t, url)
	require.Equal(t, map[string][]int{"/switchboard/workspaces/Workspace:acme": upTo(360), "/switchboard/workspaces/Workspace:beta": upTo(240)}, sequences)
}

// A broker that goes away is waited for, and goes on where it was.
func TestABrokerThatGoesAway(t *testing.T) {
	folder := t.TempDir()
	s := broker(t, folder, -1)
	url := s.ClientURL()
	l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
	l.grow("acme", 30)
	r := l.runner(url)
	stop := run(t, r)
	require.Eventually(t, total(t, url, 30), 30*time.Second, 10*time.Millisecond)
	var port int
	_, err := fmt.Sscanf(url, "nats://127.0.0.1:%d", &port)
	require.NoError(t, err)
	s.Shutdown()
	s.WaitForShutdown()
	l.grow("acme", 30)
	r.Numbered(eventlog.Entry{Workspace: "acme", Sequence: 60})
	broker(t, folder, port)
	require.Eventually(t, total(t, url, 60), 60*time.Second, 10*time.Millisecond)
	stop()
	sequences, _, _ := stored(t, url)
	require.Equal(t, map[string][]int{"/switchboard/workspaces/Workspace:acme": upTo(60)}, sequences)
}

func TestWhatIsNotTaken(t *testing.T) {
	for url, want := range map[string]string{
		"kafka://h":                  "nats://",
		"nats://":                    "nats://",
		"://":                        "not a URL",
		"nats://h?topic=x":           "topic",
		"nats://h?stream=a.b":        "stream or subject",
		"nats://h?subject=":          "stream or subject",
		"nats://h?subject=%3E":       "stream or subject",
		"nats://h:4222?stream=A":     "",
		"tls://u:p@h:4222?subject=x": "",
	} {
		err := jetstream.Check(url)
		if want == "" {
			require.NoError(t, err, url)
			continue
		}
		require.ErrorContains(t, err, want, url)
	}
}

// A server that is not there is named, and no password is.
func TestASinkThatIsNotThere(t *testing.T) {
	_, err := jetstream.Open(t.Context(), "nats://anna:swordfish@127.0.0.1:1")
	require.ErrorContains(t, err, "127.0.0.1:1")
	require.NotContains(t, err.Error(), "swordfish")
	failing := sink.NewRunner(func(context.Context) (sink.Sink, error) { return nil, err }, &logs{}, events(),
		func(context.Context) ([]workspace.WorkspaceID, error) { return nil, nil }, nil)
	require.ErrorIs(t, failing.Run(t.Context()), err)
}
