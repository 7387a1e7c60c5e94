package blackbox_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

var consoleLine = regexp.MustCompile(`metrics are served"[, ]"?addr"?[=:]"?([0-9.]+:[0-9]+)`)

// console asks what operators see, and gives status and text.
func (s *server) console(t *testing.T, path string) (int, string) {
	t.Helper()
	s.until(&s.errors, "the address of its metrics", func(said string) bool { return consoleLine.MatchString(said) })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+consoleLine.FindStringSubmatch(s.errors.String())[1]+path, nil)
	require.NoError(t, err)
	resp, err := s.http.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// wire is a way to a database that can go deaf for change streams alone: what is
// written passes, and what is waited for never comes.
type wire struct {
	listener net.Listener
	to       string
	running  sync.WaitGroup

	mu    sync.Mutex
	heal  chan struct{} // nil while all is well; closed when it is again
	conns []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{listener: listener, to: to}
	w.running.Go(w.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		w.unmute()
		w.mu.Lock()
		for _, c := range w.conns {
			_ = c.Close()
		}
		w.mu.Unlock()
		w.running.Wait()
	})
	return w
}

func (w *wire) accept() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		database, err := (&net.Dialer{}).Dial("tcp", w.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, client, database)
		w.mu.Unlock()
		w.join(client, database)
	}
}

// join passes on what both say until one of them hangs up.
func (w *wire) join(client, database net.Conn) {
	var mu sync.Mutex
	waits := false // the client's last question was for more of a stream
	w.running.Go(func() {
		defer database.Close()
		pass(client, database, func(said []byte) {
			mu.Lock()
			defer mu.Unlock()
			waits = bytes.Contains(said, []byte("getMore\x00"))
		})
	})
	w.running.Go(func() {
		defer client.Close()
		pass(database, client, func([]byte) {
			mu.Lock()
			waiting := waits
			mu.Unlock()
			if muted := w.muted(); waiting && muted != nil {
				<-muted
			}
		})
	})
}

func pass(from, to net.Conn, look func([]byte)) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			look(buffer[:n])
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (w *wire) muted() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.heal
}

func (w *wire) mute() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heal = make(chan struct{})
}

func (w *wire) unmute() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.heal != nil {
		close(w.heal)
		w.heal = nil
	}
}

// A change stream that is open and mute makes the server not ready, while it goes
// on taking writes; when it is heard again, nobody has missed anything. B:V9
func TestAFeedThatFallsSilent(t *testing.T) {
	t.Parallel()
	db := testdb.Start(t, testdb.Options{})
	direct, err := url.Parse(within(db.URI(), "blackbox"))
	require.NoError(t, err)
	w := newWire(t, direct.Host)
	direct.Host = w.listener.Addr().String()
	s := demo(t, "--mongodb-uri", direct.String(), "--heartbeat", "500ms", "--metrics-addr", "127.0.0.1:0")
	ready := func(want int) func() bool {
		return func() bool { status, _ := s.console(t, "/readyz"); return status == want }
	}
	eventually(t, "it is ready", ready(200))
	d := s.desk(t, "demo")
	dashboard := d.observer.followEvents(d)
	id := d.owned(d.agent1)

	w.mute()
	eventually(t, "it is not ready", ready(503))
	eventually(t, "it says why", func() bool {
		_, why := s.console(t, "/readyz")
		return strings.Contains(why, "does not tell what is written") || strings.Contains(why, "is being opened again")
	})
	status, _ := s.console(t, "/livez")
	require.Equal(t, 200, status)
	done := d.manager.must("takeOverConversation", object{"conversationId": id})
	w.unmute()
	eventually(t, "it is ready again", ready(200))
	dashboard.event(str(t, done, "event.id"))
	require.NotContains(t, eventGaps(dashboard), true)
	_, figures := s.console(t, "/metrics")
	require.Regexp(t, `(?m)^switchboard_feed_mutes_total [1-9]`, figures)
	require.Regexp(t, `(?m)^switchboard_feed_gaps_total 0$`, figures)
	for _, event := range d.observer.history(id) {
		require.NotEqual(t, "heartbeat", at(t, event, "id"))
	}
}

func eventGaps(s *stream) []any {
	var out []any
	for _, item := range s.items() {
		out = append(out, item["gap"])
	}
	return out
}

// A database that freezes takes no writes and tells nothing: the server is not
// ready until it thaws.
func TestADatabaseThatFreezes(t *testing.T) {
	t.Parallel()
	db := testdb.Start(t, testdb.Options{})
	s := demo(t, "--mongodb-uri", within(db.URI(), "blackbox"), "--heartbeat", "500ms", "--metrics-addr", "127.0.0.1:0")
	ready := func(want int) func() bool {
		return func() bool { status, _ := s.console(t, "/readyz"); return status == want }
	}
	eventually(t, "it is ready", ready(200))
	db.Freeze()
	eventually(t, "it is not ready", ready(503))
	db.Thaw()
	eventually(t, "it is ready again", ready(200))
	db.FailCommand(t.Context(), testdb.Failure{Commands: []string{"getMore"}, CloseConnection: true})
	eventually(t, "it is not ready without a feed", ready(503))
	db.Heal(t.Context())
	eventually(t, "it is ready once more", ready(200))
}
