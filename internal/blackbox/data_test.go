package blackbox_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// total counts the conversations of the demo.
func (c *client) total() int {
	c.t.Helper()
	return number(c.t, c.do(`{ conversations(first: 1) { totalCount } }`, nil).at("conversations"), "totalCount")
}

// What was acknowledged is there after the server ended, in good order or by a
// power cut; the demo is not played twice, and tokens stay good.
func TestDataIsKept(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	folder := filepath.Join(t.TempDir(), "data")
	first := demo(t, "--data", folder)
	d := first.desk(t, "demo")
	kept := d.owned(d.agent1)
	made := first.with(t, token(t, "--data", folder, "--workspace", "demo", "--as", "senior1@demo.test"))
	done := made.must("takeOverConversation", object{"conversationId": kept, "message": "Mine now"})
	require.Equal(t, made.me(), at(t, done, "conversation.assignee.id"))
	visitor := first.with(t, token(t, "--data", folder, "--contact", kept))
	require.Equal(t, kept, visitor.do(contactView, object{"id": kept}).at("conversation.id"))
	total := d.observer.total()
	first.terminate()

	second := demo(t, "--data", folder)
	old := second.with(t, made.token)
	require.Equal(t, old.me(), at(t, old.read(kept), "assignee.id"), "of the first run, by a token of the first run")
	require.Equal(t, total, old.total(), "the demo was played twice")
	last := old.must("transferConversation", object{"conversationId": kept, "to": object{"memberId": second.desk(t, "demo").agent2.me()}})
	second.signal(syscall.SIGKILL)
	second.wait()

	third := demo(t, "--data", folder)
	d = third.desk(t, "demo")
	require.Equal(t, d.agent2.me(), at(t, d.observer.read(kept), "assignee.id"), "an acknowledged change was lost")
	require.Equal(t, at(t, last, "event.id"), at(t, d.observer.history(kept)[0], "id"))
	require.Equal(t, total, d.observer.total())
}

// token makes one with the program's own command.
func token(t *testing.T, arguments ...string) string {
	t.Helper()
	out := succeed(t, append([]string{"token"}, arguments...)...)
	require.Regexp(t, `^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$`, out)
	return out[:len(out)-1]
}

// A server that is killed while it plays the demo goes on where it was.
func TestAStartThatWasCutOff(t *testing.T) {
	t.Parallel()
	uri := database(t)
	broken := launch(t, "--mongodb-uri", uri)
	other := launch(t, "--mongodb-uri", uri) // replicas are started at once
	var ended bool
	eventually(t, "the demo has begun", func() bool {
		code, _, _ := command(t, "token", "--mongodb-uri", uri, "--as", "agent1@demo.test")
		ended = !broken.running() || !other.running()
		return code == 0 || ended
	})
	require.False(t, ended, "%s\n%s", broken.errors.String(), other.errors.String())
	broken.signal(syscall.SIGKILL)
	broken.wait()
	other.ready()
	require.Equal(t, 200, other.as(t, "demo observer@demo.test").total())
	other.terminate()
	again := demo(t, "--mongodb-uri", uri)
	require.Equal(t, 200, again.as(t, "demo observer@demo.test").total())
}

func TestCommands(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	folder := filepath.Join(t.TempDir(), "data")
	require.Contains(t, succeed(t, "schema"), "type Conversation implements Node")
	require.Regexp(t, `^switchboard \S+, commit \S+( with changes)?, go1`, succeed(t, "version"))
	require.Contains(t, succeed(t, "help"), "Exit codes:")
	settings := succeed(t, "config", "--json", "--jwt-secret", "0123456789abcdef0123456789abcdef", "--mongodb-uri", "mongodb://ann:hunter2@db.example.com/x")
	require.Contains(t, settings, `"jwt-secret"`)
	require.NotContains(t, settings, "0123456789abcdef")
	require.NotContains(t, settings, "hunter2")
	require.NoDirExists(t, folder)

	succeed(t, "migrate", "--data", folder)
	code, _, said := command(t, "token", "--data", folder, "--as", "manager@demo.test")
	require.Equal(t, 7, code)
	require.Contains(t, said, `no workspace "demo"`)
	succeed(t, "seed", "--data", folder)
	token(t, "--data", folder, "--as", "manager@demo.test")
	succeed(t, "seed", "--data", folder)
	require.Equal(t, 200, demo(t, "--data", folder).as(t, "demo observer@demo.test").total())
}
