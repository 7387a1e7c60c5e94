package blackbox_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// availability is a member's own, as this server tells it.
func (c *client) availability() string {
	c.t.Helper()
	return str(c.t, c.do(`{ viewer { member { availability } } }`, nil).at("viewer.member"), "availability")
}

// Who is connected nowhere any more is OFFLINE: after the last connection was
// closed, and after the server died that held it. Who is connected to another
// server stays. B:P1
func TestPresenceAcrossServers(t *testing.T) {
	t.Parallel()
	uri := database(t)
	one, two := demo(t, "--mongodb-uri", uri), demo(t, "--mongodb-uri", uri)
	here, there := one.desk(t, "demo"), two.desk(t, "demo")
	here.owner.must("updateWorkspaceRules", object{"presenceGrace": 3})
	for _, c := range []*client{here.agent1, here.agent2, here.manager} {
		c.must("setAvailability", object{"availability": "ONLINE"})
	}
	stays, leaves := there.manager.connect(), here.agent2.connect()
	first, second := here.agent1.connect(), there.agent1.connect()
	require.NoError(t, leaves.conn.CloseNow())
	require.NoError(t, second.conn.CloseNow())
	eventually(t, "agent2 is OFFLINE on both servers", func() bool {
		return here.agent2.availability() == "OFFLINE" && there.agent2.availability() == "OFFLINE"
	})
	require.Equal(t, "ONLINE", there.agent1.availability(), "agent1 is connected to the first server")

	one.signal(syscall.SIGKILL)
	<-first.gone
	one.wait()
	eventually(t, "the other server finds out", func() bool { return there.agent1.availability() == "OFFLINE" })
	require.Equal(t, "ONLINE", there.manager.availability())
	back := there.agent1.connect()
	eventually(t, "what was set is restored", func() bool { return there.agent1.availability() == "ONLINE" })
	require.NoError(t, back.conn.CloseNow())
	require.NoError(t, stays.conn.CloseNow())
}
