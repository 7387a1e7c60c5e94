package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
)

func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// Every setting of every command that may hold a secret can be read from a file: a new
// one is found here by its name, or because it is an address.
func TestEverySecretCanBeAFile(t *testing.T) {
	var line commandLine
	parser, err := kong.New(&line)
	require.NoError(t, err)
	names, secrets := settingNames(), 0
	for _, command := range parser.Model.Leaves(false) {
		for _, flag := range command.Flags {
			if isSecretName(flag.Name) || strings.HasSuffix(flag.Name, "-uri") {
				secrets++
				require.Contains(t, names, flag.Name, "%s of %s", flag.Name, command.Name)
			}
		}
	}
	require.Greater(t, secrets, 2)
	const canary = "canary-0123456789-0123456789-0123456789"
	for _, name := range names {
		in := &invocation{vars: map[string]string{variable(name) + "_FILE": written(t, canary+"\n")}}
		require.NoError(t, in.readSources(nil))
		require.Equal(t, canary, in.vars[variable(name)], "without the end of the line")
	}
	got := runTest(t, deps{}, []string{"SWITCHBOARD_JWT_SECRET_FILE=" + written(t, canary+"\r\n")}, "serve")
	require.Equal(t, canary, got.served.JWTSecret)
	require.NotContains(t, runTest(t, deps{}, []string{"SWITCHBOARD_JWT_SECRET_FILE=" + written(t, canary)}, "config").stdout, canary)
}

// The name of the file is hidden as well: somebody may have put the secret there.
func TestFilesOfVariablesThatCannotBeUsed(t *testing.T) {
	for name, row := range map[string]struct {
		env  []string
		says string
	}{
		"missing": {[]string{"SWITCHBOARD_JWT_SECRET_FILE=/none/at/all"}, "SWITCHBOARD_JWT_SECRET_FILE: open ****: no such file"},
		"empty":   {[]string{"SWITCHBOARD_JWT_SECRET_FILE=" + written(t, "\n")}, "is empty"},
		"large":   {[]string{"SWITCHBOARD_JWT_SECRET_FILE=" + written(t, strings.Repeat("x", largestSource+1))}, "larger than"},
		"both":    {[]string{"SWITCHBOARD_JWT_SECRET_FILE=" + written(t, "x"), "SWITCHBOARD_JWT_SECRET=y"}, "excludes SWITCHBOARD_JWT_SECRET"},
		"short":   {[]string{"SWITCHBOARD_JWT_SECRET_FILE=" + written(t, "swordfish")}, "it is 9 bytes long"},
	} {
		got := runTest(t, deps{}, row.env, "serve")
		require.Equal(t, exitUsage, got.code, name)
		require.Contains(t, got.stderr, row.says, name)
		require.NotContains(t, got.stderr, "swordfish")
	}
}

// A flag is stronger than a variable, that than the file, and that than the default.
func TestAFileOfSettings(t *testing.T) {
	file := written(t, `# comment
addr: 127.0.0.1:1
log-level: warn
log-format: json
demo: true
shutdown-grace: 3s
max-cost: 7
allow-origin: [https://a.example, https://b.example]
`)
	got := runTest(t, deps{}, []string{"SWITCHBOARD_LOG_LEVEL=debug", "SWITCHBOARD_CONFIG=/overruled"}, "serve", "--config", file, "--addr", "127.0.0.1:2").served
	require.NotNil(t, got)
	require.Equal(t, "127.0.0.1:2", got.Addr)
	require.Equal(t, "debug", got.LogLevel)
	require.Equal(t, "json", got.LogFormat)
	require.True(t, got.Demo)
	require.Equal(t, "3s", got.ShutdownGrace.String())
	require.Equal(t, 7, got.MaxCost)
	require.Equal(t, []string{"https://a.example", "https://b.example"}, got.AllowOrigin)
	shown := runTest(t, deps{}, []string{"SWITCHBOARD_CONFIG=" + file}, "config").stdout
	require.Regexp(t, `(?m)^addr +127\.0\.0\.1:1 +file$`, shown)
	require.Regexp(t, `(?m)^durability +full +default$`, shown)
	require.Equal(t, "json", runTest(t, deps{}, nil, "migrate", "--config="+file).served.LogFormat, "a command takes what it knows")
	require.Equal(t, exitOK, runTest(t, deps{}, nil, "serve", "--config", written(t, "# nothing\n")).code)
	require.Equal(t, exitOK, runTest(t, deps{}, nil, "serve", "--config", "../../deploy/switchboard.yaml").code, "the one that is shipped")
}

func TestFilesOfSettingsThatCannotBeUsed(t *testing.T) {
	for name, row := range map[string]struct{ text, says string }{
		"unknown":             {"addr: x:1\nlog-levle: debug\n", "line 2: there is no setting log-levle; did you mean log-level?"},
		"by its variable":     {"SWITCHBOARD_ADDR: x:1\n", "there is no setting SWITCHBOARD_ADDR"},
		"twice":               {"demo: true\ndemo: false\n", "line 2: demo is there twice"},
		"nested":              {"addr: {host: x}\n", "addr: want a value"},
		"nothing":             {"addr:\n", "addr: want a value"},
		"a list":              {"- addr\n", "line 1: want settings"},
		"no YAML":             {"addr: [\n", "yaml"},
		"another file":        {"config: other.yaml\n", "there is no setting config"},
		"a wrong value":       {"addr: nonsense\n", `addr (from the file of --config): "nonsense"`},
		"a wrong duration":    {"shutdown-grace: soon\n", "--shutdown-grace"},
		"a secret, too short": {"jwt-secret: swordfish\n", "it is 9 bytes long"},
	} {
		got := runTest(t, deps{}, nil, "serve", "--config", written(t, row.text))
		require.Equal(t, exitUsage, got.code, name)
		require.Contains(t, got.stderr, row.says, name)
		require.NotContains(t, got.stderr, "swordfish")
	}
	require.Contains(t, runTest(t, deps{}, nil, "serve", "--config", "/none/at/all").stderr, "--config /none/at/all: open")
}

// --version prints what the command does, and works without one.
func TestTheVersionByAFlag(t *testing.T) {
	for _, args := range [][]string{{"--version"}, {"serve", "--version"}, {"version"}} {
		got := runTest(t, deps{}, []string{"SWITCHBOARD_VERSION=9"}, args...)
		require.Equal(t, exitOK, got.code, got.stderr)
		require.Contains(t, got.stdout, "switchboard "+release, args)
	}
}
