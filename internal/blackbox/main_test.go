package blackbox_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience bounds waiting for what must come; a test that passes never uses it
// up. tick is how often something is asked that cannot be waited for.
const (
	patience = 2 * time.Minute
	tick     = 20 * time.Millisecond
)

// program is the path of the binary under test.
var program string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

// buildAndRun builds the program once for all tests. It does not use
// testdb.Main, which ends the process before the binary could be removed.
func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "switchboard-blackbox-")
	if err != nil {
		return failed(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	program = filepath.Join(folder, "switchboard")
	arguments := append(append([]string{"build"}, buildFlags...), "-o", program, "switchboard/cmd/switchboard")
	if out, err := exec.CommandContext(context.Background(), "go", arguments...).CombinedOutput(); err != nil {
		return failed(fmt.Errorf("build the program: %w\n%s", err, out))
	}
	code := m.Run()
	if code != 0 {
		return code
	}
	if err := goleak.Find(); err != nil {
		return failed(err)
	}
	return 0
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "blackbox:", err)
	return 1
}
