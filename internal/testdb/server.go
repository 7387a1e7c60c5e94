package testdb

import (
	"context"
	"strconv"
	"syscall"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
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
	t        testing.TB
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
	return &Server{t: t, instance: own}
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
}

// Thaw lets a frozen server go on where it was. It may hang up on clients that
// were connected.
func (s *Server) Thaw() {
	s.t.Helper()
	s.must("thaw", s.instance.signal(syscall.SIGCONT))
}

// A Failure is the response of the commands that FailCommand names.
type Failure struct {
	// Commands are their names, such as "commitTransaction" or "getMore".
	Commands []string
	// Times is how many of them fail; 0 is every one until Heal.
	Times int
	// ErrorCode is the server's answer, such as 112 for a write conflict.
	ErrorCode int32
	// ErrorLabels go with it, such as "TransientTransactionError".
	ErrorLabels []string
	// CloseConnection hangs up in place of an answer.
	CloseConnection bool
}

// FailCommand makes the server fail the commands from now on, in place of any
// failure asked for before.
func (s *Server) FailCommand(ctx context.Context, f Failure) {
	s.t.Helper()
	var mode any = "alwaysOn"
	if f.Times > 0 {
		mode = bson.D{{Key: "times", Value: f.Times}}
	}
	data := bson.D{{Key: "failCommands", Value: f.Commands}}
	if f.CloseConnection {
		data = append(data, bson.E{Key: "closeConnection", Value: true})
	}
	if f.ErrorCode != 0 {
		data = append(data, bson.E{Key: "errorCode", Value: f.ErrorCode})
	}
	if len(f.ErrorLabels) > 0 {
		data = append(data, bson.E{Key: "errorLabels", Value: f.ErrorLabels})
	}
	s.failPoint(ctx, mode, data)
}

// KnowsFailCommand reports whether the server can make commands fail: not every
// version can.
func (s *Server) KnowsFailCommand(ctx context.Context) bool {
	s.t.Helper()
	err := s.setFailPoint(ctx, "off", bson.D{})
	if isUnknown(err) {
		return false
	}
	s.must("ask for its fail point", err)
	return true
}

// Heal ends the failures of FailCommand.
func (s *Server) Heal(ctx context.Context) {
	s.t.Helper()
	s.failPoint(ctx, "off", bson.D{})
}

func (s *Server) failPoint(ctx context.Context, mode any, data bson.D) {
	s.t.Helper()
	s.must("configure its fail point", s.setFailPoint(ctx, mode, data))
}

func (s *Server) setFailPoint(ctx context.Context, mode any, data bson.D) error {
	return command(ctx, s.URI(), bson.D{
		{Key: "configureFailPoint", Value: "failCommand"},
		{Key: "mode", Value: mode},
		{Key: "data", Value: data},
	})
}

// must reports without ending the goroutine, which may not be the test's own.
func (s *Server) must(what string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Errorf("wire server: could not %s: %v", what, err)
	}
}
