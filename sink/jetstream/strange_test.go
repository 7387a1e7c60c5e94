package jetstream_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/sink"
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
		opened, err := jetstream.Open(t.Context(), s.ClientURL())
		if want == "" {
			require.NoError(t, err)
			opened.Close()
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

// why is why nothing of a workspace is written; nil for what is.
func (l *logs) why(ws workspace.WorkspaceID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused[ws]
}

// A message that somebody else put under the subject of a workspace holds up that one alone.
func TestAForeignMessageHoldsUpNobodyElse(t *testing.T) {
	s := broker(t, t.TempDir(), -1)
	made(t, s.ClientURL(), js.StreamConfig{Name: "SWITCHBOARD", Subjects: []string{"switchboard.>"}})
	conn, err := nats.Connect(s.ClientURL())
	require.NoError(t, err)
	defer conn.Close()
	at, err := js.New(conn)
	require.NoError(t, err)
	_, err = at.Publish(t.Context(), "switchboard.acme.x", []byte("hello"))
	require.NoError(t, err)
	l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
	l.grow("acme", 3)
	l.grow("other", 2)
	r := l.runner(s.ClientURL())
	stop := run(t, r)
	defer stop()
	both := func() bool { return r.Written() == 2 && l.why("acme") != nil }
	require.Eventually(t, both, 30*time.Second, 10*time.Millisecond)
	require.ErrorIs(t, l.why("acme"), sink.ErrForeign)
	l.grow("other", 1)
	r.Numbered(eventlog.Entry{Workspace: "other"})
	require.Eventually(t, func() bool { return r.Written() == 3 }, 30*time.Second, 10*time.Millisecond)
}

// A stream that has what the log does not, as after a backup was restored, gets nothing: it would
// lack what gets the numbers up to there, and nobody would know.
func TestAStreamThatIsAheadOfTheLog(t *testing.T) {
	for name, row := range map[string]struct {
		restored int
		edit     func(*eventlog.Record)
		want     string
	}{
		"as it was":         {restored: 5, edit: func(*eventlog.Record) {}},
		"older":             {restored: 3, edit: func(*eventlog.Record) {}, want: "record 5 of workspace acme is not that of this log"},
		"grown again":       {restored: 7, edit: func(r *eventlog.Record) { r.ID += " again" }, want: "name another stream"},
		"without the words": {restored: 7, edit: func(r *eventlog.Record) { r.ID, r.Gone = "acme/forgotten/5", true }},
	} {
		t.Run(name, func(t *testing.T) {
			s := broker(t, t.TempDir(), -1)
			l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
			l.grow("acme", 5)
			stop := run(t, l.runner(s.ClientURL()))
			require.Eventually(t, total(t, s.ClientURL(), 5), 30*time.Second, 10*time.Millisecond)
			stop()
			restored := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
			restored.grow("acme", row.restored)
			if row.restored >= 5 {
				row.edit(&restored.of["acme"][4])
			}
			if row.want != "" {
				restored.grow("other", 2)
				r := restored.runner(s.ClientURL())
				stop = run(t, r)
				both := func() bool { return r.Written() == 2 && restored.why("acme") != nil }
				require.Eventually(t, both, 30*time.Second, 10*time.Millisecond)
				stop()
				require.ErrorIs(t, restored.why("acme"), sink.ErrForeign)
				require.ErrorContains(t, restored.why("acme"), row.want)
				require.NoError(t, restored.why("other"))
				require.EqualValues(t, 2, r.Written(), "the other workspaces go on")
				return
			}
			restored.grow("acme", 1)
			stop = run(t, restored.runner(s.ClientURL()))
			defer stop()
			require.Eventually(t, total(t, s.ClientURL(), uint64(row.restored)+1), 30*time.Second, 10*time.Millisecond)
		})
	}
}

// A workspace that is deleted and made again with its old id has another log. The stream would lack
// its first records, so it gets none, also of a server that wrote the old one a moment ago; and
// however many are numbered at once.
func TestAWorkspaceThatIsMadeAgain(t *testing.T) {
	for _, anew := range []int{1, 5, 8, 250} {
		s := broker(t, t.TempDir(), -1)
		l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
		l.grow("acme", 5)
		r := l.runner(s.ClientURL())
		stop := run(t, r)
		require.Eventually(t, total(t, s.ClientURL(), 5), 30*time.Second, 10*time.Millisecond)
		l.mu.Lock()
		l.of["acme"] = nil
		l.mu.Unlock()
		l.grow("acme", anew)
		l.mu.Lock()
		for i := range l.of["acme"] {
			l.of["acme"][i].ID += " again"
		}
		l.mu.Unlock()
		r.Numbered(eventlog.Entry{Workspace: "acme", Sequence: eventlog.Sequence(anew)})
		require.Eventually(t, func() bool { return l.why("acme") != nil || r.Written() > 5 }, 30*time.Second, 10*time.Millisecond, anew)
		require.ErrorIs(t, l.why("acme"), sink.ErrForeign, anew)
		stop()
		require.EqualValues(t, 5, r.Written())
	}
}

// What was taken out of the stream is written again, also while the stream remembers its id.
func TestWhatWasTakenOutIsWrittenAgain(t *testing.T) {
	s := broker(t, t.TempDir(), -1)
	l := &logs{of: map[workspace.WorkspaceID][]eventlog.Record{}}
	l.grow("acme", 5)
	stop := run(t, l.runner(s.ClientURL()))
	require.Eventually(t, total(t, s.ClientURL(), 5), 30*time.Second, 10*time.Millisecond)
	stop()
	conn, err := nats.Connect(s.ClientURL())
	require.NoError(t, err)
	defer conn.Close()
	at, err := js.New(conn)
	require.NoError(t, err)
	stream, err := at.Stream(t.Context(), "SWITCHBOARD")
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context()))
	defer run(t, l.runner(s.ClientURL()))()
	require.Eventually(t, total(t, s.ClientURL(), 5), 10*time.Second, 10*time.Millisecond)
	sequences, _, _ := stored(t, s.ClientURL())
	require.Equal(t, upTo(5), sequences["/switchboard/workspaces/Workspace:acme"], sequences)
}
