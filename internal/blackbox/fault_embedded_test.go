package blackbox_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
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

// embeddedFaults are the ways to break the server of the embedded engine, and the disk
// beneath it.
func embeddedFaults() []faultKind {
	return []faultKind{
		{"server killed with -9, restarted", func(r *faultRun, _ *rand.Rand, _ func()) {
			s := r.servers[0]
			s.signal(syscall.SIGKILL)
			s.wait()
			r.serve(s)
		}},
		{"server frozen by SIGSTOP, thawed", func(r *faultRun, _ *rand.Rand, hold func()) {
			r.servers[0].signal(syscall.SIGSTOP)
			hold()
			r.servers[0].signal(syscall.SIGCONT)
		}},
		{"disk full, then not", func(r *faultRun, _ *rand.Rand, hold func()) {
			if !r.small {
				r.result.skip("disk full, then not", "no file system may be mounted here")
				return
			}
			ballast := filepath.Join(r.data, "ballast")
			require.ErrorIs(r.t, fill(ballast), syscall.ENOSPC)
			hold()
			require.NoError(r.t, os.Remove(ballast))
		}},
	}
}

// The server of the embedded engine is killed and frozen amid verbs, and its disk is
// filled up, again and again, while many work and listen. Nothing that was acknowledged
// is lost, each key did its work once, and who comes back behind its cursor is told
// everything once: the file is the same. B:V3, B:V4, B:V9
func TestTheEmbeddedEngineIsBrokenAmidVerbs(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	seed := faultSeed(t)
	r, random := newEmbeddedRun(t, seed), rand.New(rand.NewPCG(seed, 2))
	r.run(200*time.Millisecond, func() {
		for range embeddedKills() {
			for _, kind := range embeddedFaults() {
				r.worked("work before the blow")
				began := time.Now()
				kind.do(r, random, holdFor(random))
				r.result.did(kind.name, began)
			}
		}
		r.worked("work after the last blow")
	})
	// A machine too busy to read in time what was missed has the server tell a gap. A kill
	// alone is no reason for one: most go on without.
	require.Less(t, 2*r.result.Gaps, r.result.Reconnects, "gaps are told after a kill")
	require.Contains(t, succeed(t, "check", "--data", r.data), "whole")
}

// fill writes a file until the disk is full, and returns the error of that.
func fill(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = file.Write(block)
	}
	return errors.Join(err, file.Close())
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
	r.small = mountSmall(t, r.data)
	made, err := sqlite.Open(t.Context(), sqlite.Config{Dir: r.data})
	require.NoError(t, err)
	secret := r.prepare(made, seed)
	require.NoError(t, made.Close(t.Context()))
	front, err := faultlink.Listen(t.Context(), "")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, front.Close()) })
	r.watch = newLogWatch(t, r.start.Workspace.ID, seed, faultHooks(true)...)
	r.outage = 2 * time.Second
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
