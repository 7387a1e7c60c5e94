package blackbox_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is the program, running or ended.
type process struct {
	t           *testing.T
	cmd         *exec.Cmd
	out, errors text
	done        chan struct{} // closed once it has ended
}

// start runs the program in an empty folder of its own, with no variables but
// those given. It is killed when the test ends, if it still runs.
func start(t *testing.T, arguments []string, variables ...string) *process {
	t.Helper()
	return startBinary(t, program, arguments, variables...)
}

// startBinary is start for the program built otherwise.
func startBinary(t *testing.T, binary string, arguments []string, variables ...string) *process {
	t.Helper()
	p := &process{t: t, done: make(chan struct{})}
	p.cmd = exec.CommandContext(context.Background(), binary, arguments...)
	p.cmd.Dir = t.TempDir()
	// The race detector would let each process sleep a second before its end.
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.cmd.Dir, "TMPDIR=" + t.TempDir(), "GORACE=atexit_sleep_ms=0"}, variables...)
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.SysProcAttr = &p.out, &p.errors, childAttributes()
	started := make(chan error)
	go p.run(started)
	require.NoError(t, <-started)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
		if t.Failed() {
			t.Logf("switchboard %s said:\n%s", strings.Join(arguments, " "), notable(p.errors.String()))
		}
	})
	return p
}

// notable is what a program said but for its operations, and the last of it only: what is
// wrong must not be lost in the log of a load.
func notable(log string) string {
	const most = 200 // lines
	lines := slices.DeleteFunc(strings.Split(log, "\n"), func(line string) bool {
		return strings.Contains(line, "level=INFO msg=operation") || strings.Contains(line, `msg="slow operation"`)
	})
	if n := len(lines) - most; n > 0 {
		return fmt.Sprintf("%d lines, and\n%s", n, strings.Join(lines[n:], "\n"))
	}
	return strings.Join(lines, "\n")
}

// run keeps its thread for as long as the child lives: Linux takes the end of
// the thread that started a child for the death of the parent.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait() // the exit code tells
	}
}

func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(s))
}

// wait waits for the end and gives the exit code, -1 after a deadly signal.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		require.FailNow(p.t, "the program does not end", "%v, it said: %s", p.cmd.Args, p.errors.String())
		return 0
	}
}

// eventually asks again until it is so. Unlike the library's way it asks on the
// test's own goroutine, so that what is asked may end the test.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	if end, ok := t.Deadline(); ok && end.Add(-lastWords).Before(deadline) {
		deadline = end.Add(-lastWords)
	}
	for again := time.NewTicker(tick); !so(); <-again.C {
		require.True(t, time.Now().Before(deadline), "still waiting for: %s", what)
	}
}

// until waits for the program to say what ready looks for in a stream.
func (p *process) until(stream *text, what string, ready func(string) bool) {
	p.t.Helper()
	eventually(p.t, what, func() bool { return ready(stream.String()) || !p.running() })
	require.True(p.t, ready(stream.String()), "it ended before %s, saying: %s", what, p.errors.String())
}

// text is what a child wrote so far.
type text struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write adds.
func (w *text) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buffer.Write(p)
}

// String gives all of it.
func (w *text) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buffer.String()
}

// command runs a command of the program to its end.
func command(t *testing.T, arguments ...string) (code int, out, errors string) {
	t.Helper()
	p := start(t, arguments)
	code = p.wait()
	return code, p.out.String(), p.errors.String()
}

// succeed is command for one that must work.
func succeed(t *testing.T, arguments ...string) string {
	t.Helper()
	code, out, errors := command(t, arguments...)
	require.Zero(t, code, "switchboard %v said: %s", arguments, errors)
	return out
}

// terminate ends the program in good order.
func (p *process) terminate() {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	require.Zero(p.t, p.wait(), "it did not end in good order and said: %s", p.errors.String())
}
