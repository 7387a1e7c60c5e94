package testdb

import (
	"os"
	"testing"
)

// A Deployment is what a test may break by its own commands, and not in other ways: the
// one that SWITCHBOARD_TEST_MONGODB_URI names, or a wire server of the test's own.
type Deployment struct {
	faults
	// Database is a name that no other test uses. It is dropped at the end.
	Database string
}

// Breakable returns a deployment that the test may break. One that is named by a URI is
// broken only if SWITCHBOARD_TEST_BREAK=1 says so, since all who use it notice: run such
// tests alone. Otherwise the test is skipped.
func Breakable(t testing.TB) *Deployment {
	t.Helper()
	if os.Getenv(EnvURI) == "" {
		return &Deployment{faults: Start(t, Options{}).faults, Database: databaseName(t.Name())}
	}
	if os.Getenv(EnvBreak) != "1" {
		Record(t, ByURI)
		t.Skipf("%s is not set: the deployment is not broken", EnvBreak)
	}
	uri := URI(t)
	return &Deployment{faults: faults{t: t, uri: func() string { return uri }}, Database: Database(t)}
}

// URI returns the connection string.
func (d *Deployment) URI() string { return d.uri() }
