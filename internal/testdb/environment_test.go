package testdb_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// rerun is a command that runs one of these tests in a process of its own, with
// the variables set in place of all that steer the package.
func rerun(t *testing.T, test string, variables ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^"+test+"$", "-test.v")
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "SWITCHBOARD_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, variables...)
	return cmd
}

func TestMissingServer(t *testing.T) {
	nowhere := testdb.EnvCache + "=" + t.TempDir()
	const unreachable = testdb.EnvURI + "=mongodb://user:secret@127.0.0.1:1/?connectTimeoutMS=1"
	tests := map[string]struct {
		test      string
		variables []string
		fails     bool
		says      string
	}{
		"skips":                       {"TestServerTakesThePortAsked", []string{nowhere}, false, "scripts/wire-server"},
		"fails when required":         {"TestServerTakesThePortAsked", []string{nowhere, testdb.EnvRequire + "=1"}, true, "scripts/wire-server"},
		"shared skips":                {"TestURIIsTheSameForEveryTest", []string{nowhere}, false, "--- SKIP"},
		"shared fails when required":  {"TestURIIsTheSameForEveryTest", []string{nowhere, testdb.EnvRequire + "=1"}, true, "--- FAIL"},
		"a wrong path fails":          {"TestServerTakesThePortAsked", []string{testdb.EnvServer + "=/no/such/server"}, true, testdb.EnvServer},
		"a program that is no server": {"TestServerTakesThePortAsked", []string{testdb.EnvServer + "=/bin/false"}, true, "ended at once"},
		"a URI cannot be broken":      {"TestServerTakesThePortAsked", []string{nowhere, unreachable, testdb.EnvRequire + "=1"}, false, "--- SKIP"},
		"a URI is what is used":       {"TestURIIsUsedAsGiven", []string{nowhere, unreachable}, false, "--- PASS"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			output, err := rerun(t, test.test, test.variables...).CombinedOutput()
			require.Equal(t, test.fails, err != nil, "%s", output)
			require.Contains(t, string(output), test.says)
		})
	}
}

func TestURIIsUsedAsGiven(t *testing.T) {
	given := os.Getenv(testdb.EnvURI)
	if given == "" {
		t.Skip("nothing is given: TestMissingServer runs this")
	}
	require.Equal(t, given, testdb.URI(t))
}

const envHold = "TESTDB_HOLD"

func TestServerDiesWithTheTests(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a child with its parent")
	}
	own := testdb.Start(t, testdb.Options{}) // skips where there is no server
	require.NoError(t, ping(t, own.URI(), time.Minute))

	cmd := rerun(t, "TestHoldServer", envHold+"=1", "TMPDIR="+t.TempDir(),
		testdb.EnvServer+"="+os.Getenv(testdb.EnvServer), testdb.EnvCache+"="+os.Getenv(testdb.EnvCache))
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() { _ = input.Close() }()

	uri := heldURI(t, output)
	require.NoError(t, ping(t, uri, time.Minute))
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Eventually(t, func() bool { return ping(t, uri, 50*time.Millisecond) != nil },
		time.Minute, 10*time.Millisecond)
}

// heldURI reads what TestHoldServer says.
func heldURI(t *testing.T, output io.Reader) string {
	t.Helper()
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if _, uri, found := strings.Cut(lines.Text(), "holding "); found {
			return uri
		}
	}
	t.Fatal("the held server did not start")
	return ""
}

// TestHoldServer is the process that TestServerDiesWithTheTests kills.
func TestHoldServer(t *testing.T) {
	if os.Getenv(envHold) == "" {
		t.Skip("TestServerDiesWithTheTests runs this")
	}
	_, err := os.Stdout.WriteString("\nholding " + testdb.Start(t, testdb.Options{}).URI() + "\n")
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, os.Stdin)
	require.NoError(t, err)
}
