package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchboard/auth"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
)

// cli runs the program as it is built.
func cli(t *testing.T, args ...string) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, nil, &stdout, &stderr)
	return ran{code: exitCode(code), stdout: stdout.String(), stderr: stderr.String()}
}

// requireAccepted demands that a server on s takes the token of one run.
func requireAccepted(t *testing.T, s store.Engine, got ran) {
	t.Helper()
	require.Equal(t, exitOK, got.code, got.stderr)
	secret, err := s.Secret(t.Context())
	require.NoError(t, err)
	verifier, err := auth.NewVerifier(secret, auth.Operator{})
	require.NoError(t, err)
	claims, err := verifier.Verify(t.Context(), got.stdout[:len(got.stdout)-1])
	require.NoError(t, err)
	require.Equal(t, "m-1", claims.Subject)
}

// A token must be had while a server runs on the same folder, and nothing of the data
// in that folder may change for it.
func TestATokenBesideARunningServer(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	server, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(t.Context())) }()
	require.NoError(t, server.CreateWorkspace(t.Context(), *demoDirectory("demo", true)))
	_, err = server.Secret(t.Context())
	require.NoError(t, err)
	before := contentOf(t, folder)

	requireAccepted(t, server, cli(t, "token", "--data", folder, "--as", "manager@demo.test"))
	require.Equal(t, before, contentOf(t, folder))
}

func contentOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	out := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		if !strings.HasSuffix(e.Name(), "-shm") { // notes who reads now
			out[e.Name()] = string(content)
		}
	}
	return out
}

func TestATokenMakesNoData(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	got := cli(t, "token", "--data", folder, "--as", "manager@demo.test")
	require.Equal(t, exitRefused, got.code)
	require.Contains(t, got.stderr, "serve --demo")
	require.NoDirExists(t, folder)
}

func TestATokenFromADamagedFile(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, sqlite.FileName), []byte("garbage"), 0o600))
	got := cli(t, "token", "--data", folder, "--as", "manager@demo.test")
	require.Equal(t, exitDatabaseUnsuitable, got.code, got.stderr)
	require.Empty(t, got.stdout)
}

func TestATokenFromMongoDB(t *testing.T) {
	uri := testdb.Start(t, testdb.Options{}).URI()
	server, err := mongo.Open(t.Context(), mongo.Config{URI: uri})
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(t.Context())) }()
	require.Equal(t, exitOK, cli(t, "migrate", "--mongodb-uri", uri).code)
	require.NoError(t, server.CreateWorkspace(t.Context(), *demoDirectory("demo", true)))
	requireAccepted(t, server, cli(t, "token", "--mongodb-uri", uri, "--as", "manager@demo.test"))
}

func TestMigrate(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	for range 2 {
		got := cli(t, "migrate", "--data", folder)
		require.Equal(t, exitOK, got.code, got.stderr)
		require.Contains(t, got.stderr, "up to date")
	}
	require.FileExists(t, filepath.Join(folder, sqlite.FileName))
}

func TestDatabasesThatWillNotDo(t *testing.T) {
	t.Run("a folder in use", func(t *testing.T) {
		folder := t.TempDir()
		server, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
		require.NoError(t, err)
		got := cli(t, "migrate", "--data", folder)
		require.NoError(t, server.Close(t.Context()))
		require.Equal(t, exitDatabaseUnsuitable, got.code, got.stderr)
		require.Contains(t, got.stderr, "another process")
	})
	t.Run("nobody there", func(t *testing.T) {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := free.Addr().String()
		require.NoError(t, free.Close())
		got := cli(t, "migrate", "--mongodb-uri", "mongodb://ann:hunter2@"+address+"/?directConnection=true&serverSelectionTimeoutMS=100")
		require.Equal(t, exitDatabaseUnreachable, got.code, got.stderr)
		require.Contains(t, got.stderr, address)
		require.NotContains(t, got.stderr, "hunter2")
	})
	t.Run("a URI that only the driver can refuse", func(t *testing.T) {
		got := cli(t, "migrate", "--mongodb-uri", "mongodb://ann:hun%ter2@h/")
		require.Equal(t, exitUsage, got.code, got.stderr)
		require.Contains(t, got.stderr, "--mongodb-uri")
		require.NotContains(t, got.stderr, "ter2")
	})
	t.Run("no replica set", func(t *testing.T) {
		got := cli(t, "migrate", "--mongodb-uri", testdb.Start(t, testdb.Options{Standalone: true}).URI())
		require.Equal(t, exitDatabaseUnsuitable, got.code, got.stderr)
		require.Contains(t, got.stderr, "replica set")
	})
}

func TestTheSchemaIsTheProgramsOwn(t *testing.T) {
	got := cli(t, "schema")
	require.Equal(t, exitOK, got.code)
	require.Contains(t, got.stdout, "type Query")
}
