package testdb

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// shared is the server of this test binary. The testing package offers a test no
// other place that lasts as long as the binary does.
//
//nolint:gochecknoglobals // see above
var shared deployment

// A deployment is a server that starts when it is first asked for.
type deployment struct {
	mu       sync.Mutex
	managed  bool // Main runs, and will stop the server
	instance *instance
	err      error
}

// Main runs the package's tests, stops the server they shared and ends the
// process with their exit code, or with 1 when goroutines were left running.
// Call it from TestMain, as its only line. The options name goroutines to
// overlook.
func Main(m *testing.M, overlook ...goleak.Option) {
	shared.mu.Lock()
	shared.managed = true
	shared.mu.Unlock()
	code := m.Run()
	if err := errors.Join(shared.stop(), leaks(code, overlook)); err != nil {
		fmt.Fprintln(os.Stderr, "testdb:", err)
		code = 1
	}
	os.Exit(code)
}

// leaks looks for goroutines left behind by tests that passed: a failed one may
// well have left some, and has more to say.
func leaks(code int, overlook []goleak.Option) error {
	if code != 0 {
		return nil
	}
	return goleak.Find(overlook...)
}

// IgnoreServer makes a goleak check within a test overlook the one goroutine
// that waits for a running server's end.
func IgnoreServer() goleak.Option {
	return goleak.IgnoreAnyFunction("switchboard/internal/testdb.(*process).run")
}

// URI returns the connection string of the deployment that this test binary's
// tests share: use Database for one of its databases. It skips or fails the test,
// as the package comment says, when there is none.
func URI(t testing.TB) string {
	t.Helper()
	if uri := os.Getenv(EnvURI); uri != "" {
		Record(t, ByURI)
		return uri
	}
	Record(t, WireServer)
	binary := require(t)
	uri, err := shared.uri(binary)
	if err != nil {
		t.Fatalf("wire server: %v", err)
	}
	return uri
}

func (d *deployment) uri(binary string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.managed {
		return "", errors.New("nobody would stop it: add func TestMain(m *testing.M) { testdb.Main(m) } to the package's tests")
	}
	if d.instance == nil && d.err == nil {
		// Nobody kills it, so nothing is lost without a sync for each commit.
		d.instance, d.err = launch(binary, Options{NoSync: true})
	}
	if d.err != nil {
		return "", d.err
	}
	return d.instance.uri(), nil
}

func (d *deployment) stop() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.instance == nil {
		return nil
	}
	return d.instance.remove()
}
