package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"switchboard/internal/testdb"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// ran is what one run of the program left behind.
type ran struct {
	code           exitCode
	stdout, stderr string
	// served holds the settings that serve, seed or migrate was called with.
	served *settings
}

// runTest runs the program with commands that do nothing but keep what they got.
func runTest(t *testing.T, p deps, env []string, args ...string) ran {
	t.Helper()
	var out ran
	keep := func(_ context.Context, _ *invocation, s settings) error {
		out.served = &s
		return nil
	}
	if p.serve == nil {
		p.serve, p.seed, p.migrate = keep, keep, keep
	}
	if p.openTokens == nil {
		p.openTokens = func(context.Context, storeSettings) (tokenStore, error) { return nil, errNoData }
	}
	p.sdl = func() (string, error) { return "schema { query: Query }\n", nil }
	var stdout, stderr bytes.Buffer
	out.code = exitCode(runWith(t.Context(), p, args, env, &stdout, &stderr))
	out.stdout, out.stderr = stdout.String(), stderr.String()
	return out
}

// The rows are data: what is set, and what the program answers.
func TestSettings(t *testing.T) {
	data, err := os.ReadFile("testdata/settings.json")
	require.NoError(t, err)
	var rows []struct {
		Name        string
		Args, Env   []string
		Code        exitCode
		Says, Never []string
	}
	require.NoError(t, json.Unmarshal(data, &rows))
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			got := runTest(t, deps{}, row.Env, row.Args...)
			require.Equal(t, row.Code, got.code, got.stderr)
			for _, part := range row.Says {
				require.Contains(t, got.stderr, part)
			}
			for _, part := range row.Never {
				require.NotContains(t, got.stderr+got.stdout, part)
			}
			if row.Code != exitOK {
				require.NotEmpty(t, row.Says, "a row about an error says what the error says")
				require.Nil(t, got.served)
			} else {
				require.Empty(t, got.stderr)
			}
		})
	}
}

func TestAFlagIsStrongerThanAVariableThanADefault(t *testing.T) {
	env := []string{"SWITCHBOARD_ADDR=127.0.0.1:1", "SWITCHBOARD_LOG_LEVEL=warn", "SWITCHBOARD_DEMO=true",
		"SWITCHBOARD_ALLOW_ORIGIN=https://a.example,https://b.example", "ADDR=:9", "SWITCHBOARD_SHUTDOWN_GRACE="}
	got := runTest(t, deps{}, env, "serve", "--addr", "127.0.0.1:2", "--demo=false").served
	require.NotNil(t, got)
	require.Equal(t, "127.0.0.1:2", got.Addr)
	require.False(t, got.Demo)
	require.Equal(t, "warn", got.LogLevel)
	require.Equal(t, []string{"https://a.example", "https://b.example"}, got.AllowOrigin)
	require.Equal(t, "text", got.LogFormat)
	require.Equal(t, "10s", got.ShutdownGrace.String())

	got = runTest(t, deps{}, env, "serve", "--allow-origin", "https://c.example").served
	require.Equal(t, []string{"https://c.example"}, got.AllowOrigin, "a flag replaces the list, and does not grow it")
}

// What the process itself has in its environment must not come in past env.
func TestTheProcessEnvironmentIsNotRead(t *testing.T) {
	t.Setenv("SWITCHBOARD_ADDR", "127.0.0.1:1")
	require.Equal(t, "127.0.0.1:8080", runTest(t, deps{}, nil, "serve").served.Addr)
}

func TestWhatFollowsFromOtherSettings(t *testing.T) {
	const secret = "0123456789012345678901234567890123456789"
	got := runTest(t, deps{}, nil, "serve", "--jwt-secret", secret).served
	require.Equal(t, [2]string{"switchboard", "switchboard"}, [2]string{got.Issuer, got.Audience})
	got = runTest(t, deps{}, nil, "serve", "--jwt-secret", secret, "--issuer", "i").served
	require.Equal(t, [2]string{"i", "switchboard"}, [2]string{got.Issuer, got.Audience})
	require.Equal(t, "./data", got.Data)
	require.Empty(t, runTest(t, deps{}, nil, "serve", "--memory").served.Data)
	require.Empty(t, runTest(t, deps{}, nil, "serve", "--mongodb-uri", "mongodb://h").served.Data)
	require.Empty(t, runTest(t, deps{}, nil, "serve", "--policy-dir", "testdata").served.PolicyPreset)
	require.Equal(t, "./data", runTest(t, deps{}, nil, "migrate").served.Data)
	require.Equal(t, "league", runTest(t, deps{}, nil, "seed", "--policy-preset", "league").served.PolicyPreset)
}

func TestPlainKeysAreWarnedOf(t *testing.T) {
	provider := func(url string) []string {
		return []string{"serve", "--jwks-url", url, "--issuer", "i", "--audience", "a"}
	}
	require.Contains(t, runTest(t, deps{}, nil, provider("http://id.internal/keys")...).stderr, "not https")
	for _, fine := range []string{"https://id.example/keys", "http://127.0.0.1:9/keys", "http://localhost/keys", "http://[::1]/keys"} {
		require.Empty(t, runTest(t, deps{}, nil, provider(fine)...).stderr, fine)
	}
}

// What is open to everybody is said at the start.
func TestPublicAddressesAreWarnedOf(t *testing.T) {
	for args, warned := range map[string]bool{
		"--demo": false, "--demo --addr localhost:1": false, "--demo --addr [::1]:1": false, "--demo --addr 127.3.2.1:1": false,
		"--demo --addr :8080": true, "--demo --addr 0.0.0.0:1": true, "--demo --addr [::]:1": true, "--demo --addr 192.0.2.1:1": true, "--demo --addr host.example:1": true,
		"--addr :8080": false, "--metrics-addr 127.0.0.1:1": false, "--metrics-addr :9090": true, "--metrics-addr 0.0.0.0:9090": true,
	} {
		got := runTest(t, deps{}, nil, append([]string{"serve"}, strings.Fields(args)...)...)
		require.NotNil(t, got.served, args)
		require.Equal(t, warned, strings.Contains(got.stderr, "others can reach"), args)
		require.Equal(t, warned, strings.Contains(got.stderr, "level=WARN"), args)
	}
}

func TestCommandsGetTheContextAndTheirErrorsGetOut(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "mine")
	var stdout, stderr bytes.Buffer
	p := deps{serve: func(ctx context.Context, in *invocation, _ settings) error {
		require.Equal(t, "mine", ctx.Value(key{}))
		in.log.Info("hello")
		return errors.New("mongodb://ann:hunter2@h/ is gone")
	}}
	require.EqualValues(t, exitInternal, runWith(ctx, p, []string{"serve", "--log-format", "json"}, nil, &stdout, &stderr))
	require.Contains(t, stderr.String(), `"msg":"hello"`)
	require.Contains(t, stderr.String(), "switchboard: mongodb://ann:****@h/ is gone")
	require.Empty(t, stdout.String())
}
