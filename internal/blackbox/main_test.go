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
// up. tick is how often something is asked that cannot be waited for. lastWords are left
// of the time of all tests to who waits in vain, so that it says for what.
const (
	patience  = 2 * time.Minute
	tick      = 20 * time.Millisecond
	lastWords = 10 * time.Second
)

// program is the path of the binary under test, plain that of one without the race
// detector, for what takes long enough without it.
var program, plain string

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
	plain = program
	if err := build(program, buildFlags...); err != nil {
		return failed(err)
	}
	if len(buildFlags) > 0 {
		plain = filepath.Join(folder, "switchboard-plain")
		if err := build(plain); err != nil {
			return failed(err)
		}
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

// build builds the program.
func build(binary string, flags ...string) error {
	arguments := append(append([]string{"build"}, flags...), "-o", binary, "switchboard/cmd/switchboard")
	if out, err := exec.CommandContext(context.Background(), "go", arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "blackbox:", err)
	return 1
}
