package blackbox_test

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"
)

// embeddedKills is how often the server of the embedded engine is killed;
// SWITCHBOARD_TEST_LONG=1 asks for the long run.
func embeddedKills() (rounds int) {
	if os.Getenv("SWITCHBOARD_TEST_LONG") != "" {
		return 20
	}
	return 3
}

// The server of the embedded engine is killed amid verbs, again and again, while many
// work and listen. Nothing that was acknowledged is lost, each key did its work once,
// and who comes back behind its cursor is told everything once: the file is the same. B:V3, B:V4, B:V9
func TestTheEmbeddedEngineIsKilledAmidVerbs(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	r := newEmbeddedRun(t, faultSeed(t))
	r.run(200*time.Millisecond, func() {
		for range embeddedKills() {
			r.worked("work before the blow")
			began := time.Now()
			s := r.servers[0]
			s.signal(syscall.SIGKILL)
			s.wait()
			r.serve(s)
			r.result.did("server killed with -9, restarted", began)
		}
		r.worked("work after the last blow")
	})
	// A machine too busy to read in time what was missed has the server tell a gap. A kill
	// alone is no reason for one: most go on without.
	require.Less(t, 2*r.result.Gaps, r.result.Reconnects, "gaps are told after a kill")
	require.Contains(t, succeed(t, "check", "--data", r.data), "whole")
}

// worked waits until each client has had something acknowledged, on average.
func (r *faultRun) worked(what string) {
	r.t.Helper()
	before := r.acked.Load()
	eventually(r.t, what, func() bool { return r.acked.Load() >= before+faultClients })
}

// newEmbeddedRun is newFaultRun for one server with a folder. The history is read
// beside it.
func newEmbeddedRun(t *testing.T, seed uint64) *faultRun {
	t.Helper()
	r := &faultRun{t: t, data: t.TempDir()}
	made, err := sqlite.Open(t.Context(), sqlite.Config{Dir: r.data})
	require.NoError(t, err)
	secret := r.prepare(made, seed)
	require.NoError(t, made.Close(t.Context()))
	front, err := faultlink.Listen(t.Context(), "")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, front.Close()) })
	s := &faultServer{front: front}
	r.servers = []*faultServer{s}
	r.serve(s)
	beside, err := sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: r.data})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, beside.Close(context.Background())) })
	r.stored = beside
	r.populate(secret, seed)
	return r
}
