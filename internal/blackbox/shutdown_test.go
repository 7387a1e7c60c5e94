package blackbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// A signal closes sockets so that clients come back, lets running requests end,
// takes no new ones, and ends the process with 0. What was answered is kept.
func TestTermination(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	folder := filepath.Join(t.TempDir(), "data")
	s := demo(t, "--data", folder, "--shutdown-grace", "1m")
	d := s.desk(t, "demo")
	id := d.owned(d.agent1)
	dashboard := d.observer.followEvents(d)
	idle := d.agent2.connect()

	finish := d.manager.begin(mutation("takeOverConversation"), object{"input": object{"conversationId": id, "message": "Just in time"}})
	s.signal(syscall.SIGTERM)
	for _, socket := range []*socket{dashboard.socket, idle} {
		code, reason := socket.closed()
		require.Equal(t, websocket.StatusServiceRestart, code)
		require.Contains(t, reason, "reconnect")
	}
	eventually(t, "new requests are refused", func() bool {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	require.True(t, s.running(), "it did not wait for the running request")

	answered := finish()
	require.Equal(t, d.managerID(t, answered), answered.at("payload.conversation.assignee.id"))
	require.Zero(t, s.wait(), s.errors.String())
	require.NotContains(t, s.errors.String(), "level=ERROR")
	require.NotContains(t, s.errors.String(), "level=WARN")

	next := demo(t, "--data", folder, "--shutdown-grace", "100ms")
	d = next.desk(t, "demo")
	require.Equal(t, d.manager.me(), at(t, d.observer.read(id), "assignee.id"))
	d.manager.begin(mutation("takeOverConversation"), nil) // and never goes on
	next.terminate()
}

// managerID is the manager's id, out of the answer: the server takes no more
// questions.
func (d *desk) managerID(t *testing.T, a answer) string {
	t.Helper()
	require.Equal(t, "TAKEN_OVER", a.at("payload.event.kind"))
	return str(t, a.at("payload"), "event.actor.id")
}

// begin sends an operation but for its body, and returns once the server is at
// work on it; the function sends the body and gives the answer.
func (c *client) begin(query string, variables object) (finish func() answer) {
	c.t.Helper()
	body, err := json.Marshal(object{"query": query, "variables": variables})
	require.NoError(c.t, err)
	reader, writer := io.Pipe()
	working := make(chan struct{})
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: func() { close(working) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.addr+"/graphql", reader)
	require.NoError(c.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Expect", "100-continue")
	transport := &http.Transport{ExpectContinueTimeout: patience}
	c.t.Cleanup(transport.CloseIdleConnections)
	own := *c.server
	own.http = &http.Client{Transport: transport}
	slow := &client{server: &own, t: c.t, token: c.token}

	answers, failures, over := make(chan answer, 1), make(chan error, 1), make(chan struct{})
	c.t.Cleanup(func() { _ = writer.CloseWithError(io.ErrUnexpectedEOF); <-over })
	go func() {
		defer close(over)
		defer cancel()
		a, err := slow.send(req)
		answers <- a
		failures <- err
	}()
	select {
	case <-working: // the server asks for the body, so a handler runs
	case <-time.After(patience):
		require.FailNow(c.t, "the server does not begin")
	}
	return func() answer {
		c.t.Helper()
		_, err := io.Copy(writer, bytes.NewReader(body))
		require.NoError(c.t, err)
		require.NoError(c.t, writer.Close())
		a := <-answers
		require.NoError(c.t, <-failures)
		return a
	}
}

// A signal during the start ends it as well.
func TestTerminationWhileStarting(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	folder := filepath.Join(t.TempDir(), "data")
	s := launch(t, "--data", folder)
	waitForFile(t, filepath.Join(folder, "switchboard.db.lock"))
	s.terminate()
	require.Empty(t, s.out.String())
}

func waitForFile(t *testing.T, path string) {
	t.Helper()
	eventually(t, path, func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
}
