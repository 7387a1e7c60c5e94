package blackbox_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// What a server that died left waiting is found: by the server that looks after
// all, and after that one was killed by another. B:Q8
func TestWhatADeadServerLeftIsHandedOut(t *testing.T) {
	t.Parallel()
	uri := database(t)
	stored := openStored(t, uri)
	d := capWorkspace(capMembers, capLimit)
	for id, m := range d.Members {
		m.Availability = workspace.Offline
		d.Members[id] = m
	}
	require.NoError(t, stored.CreateWorkspace(t.Context(), *d))
	run := newCapRun(t, stored, uri, 2)
	for n, server := range run.servers {
		desk := &capDesk{capRun: run, server: server}
		require.NoError(t, desk.handOff(t.Context()))
		chat := desk.open[0]
		require.Equal(t, "QUEUED", run.handler(t, server, chat))
		// A server commits that a member is there, and is gone before it can act.
		m := d.Members[workspace.MemberID("cap-m0"+string(rune('1'+n)))]
		m.Availability, m.OnlineSince, m.Rev = workspace.Online, time.Now().UTC().Truncate(time.Millisecond), 2
		require.NoError(t, stored.SaveDirectory(t.Context(), inbox.Event{
			ID: inbox.EventID("online-" + m.ID), Workspace: "cap", Type: inbox.DirectoryEvent, Actor: workspace.System(), At: time.Now(),
			Directory: &workspace.DirectoryChange{Member: &m},
		}))
		eventually(t, "somebody gets it", func() bool { return run.handler(t, server, chat) == "HUMAN" })

		m.Availability, m.Rev = workspace.Offline, 3
		require.NoError(t, stored.SaveDirectory(t.Context(), inbox.Event{
			ID: inbox.EventID("offline-" + m.ID), Workspace: "cap", Type: inbox.DirectoryEvent, Actor: workspace.System(), At: time.Now(),
			Directory: &workspace.DirectoryChange{Member: &m},
		}))
		if n == 0 { // the first to start is the one that looks after all
			server.signal(syscall.SIGKILL)
			server.wait()
			other := run.servers[1]
			eventually(t, "the other server knows that nobody is there", func() bool {
				a, err := (&client{server: other, token: run.boss}).try(context.Background(), `{ members(first: 50, availability: ONLINE) { totalCount } }`, nil)
				require.NoError(t, err)
				return dig(a.Data, "members", "totalCount") == float64(0)
			})
		}
	}
}

func (r *capRun) handler(t *testing.T, s *server, chat string) any {
	t.Helper()
	a, err := (&client{server: s, token: r.boss}).try(t.Context(), `query($id: ID!) { conversation(id: $id) { handler } }`, object{"id": chat})
	require.NoError(t, err)
	return dig(a.Data, "conversation", "handler")
}
