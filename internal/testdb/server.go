package testdb

import (
	"runtime"
	"strconv"
	"syscall"
	"testing"
)

// Options describe a server of a test's own. The zero value is a one-member replica
// set on a free port that loses no acknowledged write.
type Options struct {
	// Standalone makes it no replica set: no transactions or change streams.
	Standalone bool
	// OplogMaxEntries is how many changes its log keeps, 0 for the usual 100,000.
	// A change stream cannot resume from a position the log no longer holds.
	OplogMaxEntries int
	// NoSync makes commits quicker and lets Kill lose the latest of them.
	NoSync bool
	// StoragePath is the data folder; "" is a temporary one, removed at the end.
	StoragePath string
	// Port is the loopback port, 0 for a free one.
	Port int
}

func (o Options) flags() []string {
	flags := []string{"--noop-heartbeat-seconds", "1", "--cache-size", "256M", "--log-file-max", "128MB"}
	if !o.NoSync {
		flags = append(flags, "--sync-on-commit")
	}
	if o.Standalone {
		flags = append(flags, "--standalone")
	}
	if o.OplogMaxEntries > 0 {
		flags = append(flags, "--oplog-max-entries", strconv.Itoa(o.OplogMaxEntries))
	}
	return flags
}

// A Server is a wire server that one test owns and may break. Its methods fail the
// test if they do not succeed, and may be called from any goroutine of it.
type Server struct {
	faults
	instance *instance
}

// Start returns a running server that ends with the test. It skips or fails the
// test, as the package comment says, where no wire server is installed; a
// deployment given by URI will not do, as nobody may break that.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	Record(t, WireServer)
	binary := require(t)
	own, err := launch(binary, o)
	if err != nil {
		t.Fatalf("wire server: %v", err)
	}
	t.Cleanup(func() {
		if err := own.remove(); err != nil {
			t.Errorf("wire server: %v", err)
		}
	})
	return &Server{faults: faults{t: t, uri: own.uri}, instance: own}
}

// URI returns the connection string, which a Restart does not change.
func (s *Server) URI() string { return s.instance.uri() }

// PID is the id of the server's process.
func (s *Server) PID() int { return s.instance.process.cmd.Process.Pid }

// Kill ends the server with no chance to save anything. A server that is not
// running stays so.
func (s *Server) Kill() {
	s.t.Helper()
	s.must("kill", s.instance.kill())
}

// Stop ends the server with nothing lost, even with NoSync. A server that is not
// running stays so.
func (s *Server) Stop() {
	s.t.Helper()
	s.must("stop", s.instance.stop())
}

// Restart starts the server again on the same port and data, after a Stop where
// it still runs, and returns once it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.must("stop", s.instance.stop())
	s.must("start again", s.instance.start())
}

// Freeze makes the server fall silent with its connections open, as an
// overloaded machine or a cut cable does.
func (s *Server) Freeze() {
	s.t.Helper()
	s.must("freeze", s.instance.signal(syscall.SIGSTOP))
	for !s.instance.stands() {
		runtime.Gosched()
	}
}

// Thaw lets a frozen server go on where it was. It may hang up on clients that
// were connected.
func (s *Server) Thaw() {
	s.t.Helper()
	s.must("thaw", s.instance.signal(syscall.SIGCONT))
}
