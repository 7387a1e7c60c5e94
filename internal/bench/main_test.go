package bench_test

import (
	"os"
	"testing"

	"switchboard/internal/testdb"
)

// TestMain also is the process that the bare driver runs in, so that its CPU
// can be told from the client's.
func TestMain(m *testing.M) {
	if uri := os.Getenv(bareURI); uri != "" {
		os.Exit(runBare(uri, os.Stdin, os.Stdout))
	}
	testdb.Main(m)
}
