package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"switchboard/internal/testdb"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
)

// served is the folder of a server that runs.
func served(t *testing.T) (dir string, server *sqlite.Store) {
	t.Helper()
	dir = t.TempDir()
	server, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	require.NoError(t, server.CreateWorkspace(t.Context(), *demoDirectory("demo", true)))
	return dir, server
}

func jsonOf[T any](t *testing.T, got ran) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &v), got.stdout)
	return v
}

// A check reads beside a server, says what it found, and is quiet in a pipe.
func TestCheck(t *testing.T) {
	dir, server := served(t)
	got := cli(t, "check", "--data", dir)
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Contains(t, got.stdout, "is whole")
	require.Empty(t, got.stderr)
	require.True(t, jsonOf[checked](t, cli(t, "check", "--data", dir, "--json")).Whole)
	require.NoError(t, server.Close(t.Context()))

	file := filepath.Join(dir, sqlite.FileName)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, data[:len(data)/2], 0o600))
	got = cli(t, "check", "--data", dir)
	require.Equal(t, exitDatabaseUnsuitable, got.code)
	require.Contains(t, got.stderr, "restore a backup")
	require.Empty(t, got.stdout)
	got = cli(t, "check", "--data", dir, "--json")
	require.Equal(t, exitDatabaseUnsuitable, got.code)
	result := jsonOf[checked](t, got)
	require.False(t, result.Whole)
	require.Len(t, result.Findings, 1)
}

// A backup is taken beside a server, and a server starts on it.
func TestBackupAndRestore(t *testing.T) {
	dir, server := served(t)
	restored := t.TempDir()
	to := filepath.Join(restored, sqlite.FileName)
	got := cli(t, "backup", "--data", dir, "--to", to, "--json")
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Empty(t, got.stderr)
	require.Positive(t, jsonOf[backedUp](t, got).Bytes)
	require.Equal(t, exitUsage, cli(t, "backup", "--data", dir, "--to", to).code, "it overwrites nothing")
	require.NoError(t, server.Close(t.Context()))

	again, err := sqlite.Open(t.Context(), sqlite.Config{Dir: restored})
	require.NoError(t, err)
	found, err := again.Directory(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, demoDirectory("demo", true).Workspace.Name, found.Workspace.Name)
	require.NoError(t, again.Close(t.Context()))
}

// A move goes to MongoDB and back, keeps the secret, and refuses a folder in use and a
// target with data.
func TestMove(t *testing.T) {
	uri := testdb.Start(t, testdb.Options{}).URI()
	dir, server := served(t)
	secret, err := server.Secret(t.Context())
	require.NoError(t, err)
	got := cli(t, "move", "--from", dir, "--to", uri)
	require.Equal(t, exitDatabaseUnsuitable, got.code)
	require.Contains(t, got.stderr, "another process uses the data")
	require.NoError(t, server.Close(t.Context()))

	got = cli(t, "move", "--from", dir, "--to", uri, "--json")
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Empty(t, got.stderr)
	moved := jsonOf[movedAll](t, got)
	require.Positive(t, moved.Documents)
	got = cli(t, "move", "--from", dir, "--to", uri)
	require.Equal(t, exitRefused, got.code)
	require.Contains(t, got.stderr, "not empty")

	opened, err := mongo.Open(t.Context(), mongo.Config{URI: uri})
	require.NoError(t, err)
	there, err := opened.Secret(t.Context())
	require.NoError(t, err)
	require.Equal(t, secret, there)
	require.NoError(t, opened.Close(t.Context()))

	back := t.TempDir()
	got = cli(t, "move", "--from", uri, "--to", back)
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Contains(t, got.stdout, "switchboard serve with --data "+back)
	require.Equal(t, exitOK, cli(t, "check", "--data", back).code)
}

// A meter is one line that is drawn over, the last time when all is done, and nothing
// where nobody watches.
func TestMeter(t *testing.T) {
	var out bytes.Buffer
	for _, m := range []*meter{{to: &out, what: "pages"}, (&invocation{stderr: &out}).meter("pages")} {
		m.update(0, 10)
		m.update(10, 10)
		m.end()
	}
	require.Equal(t, "\r0 of 10 pages (0 %)\r10 of 10 pages (100 %)\n", out.String())
}
