package sqlite_test

import (
	"errors"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/audit"
	"switchboard/store/sqlite"
)

// killed gives the file and the log that a server leaves that is killed, and the file
// before it was started.
func killed(t *testing.T) (data, log, before []byte) {
	t.Helper()
	dir := filled(t)
	before, err := os.ReadFile(file(dir))
	require.NoError(t, err)
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	for i := range 1500 { // more than a log holds before its pages go to the file
		require.NoError(t, s.AppendAudit(t.Context(), audit.AuditEntry{ID: "late" + strconv.Itoa(i), Workspace: "w", At: time.Unix(int64(1000+i), 0)}))
	}
	data, err = os.ReadFile(file(dir))
	require.NoError(t, err)
	log, err = os.ReadFile(file(dir) + "-wal")
	require.NoError(t, errors.Join(err, s.Close(t.Context())))
	require.NotEmpty(t, log)
	require.Greater(t, len(data), len(before))
	return data, log, before
}

// left makes a folder of a file, nil for none, and its log.
func left(t *testing.T, data, log []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if data != nil {
		require.NoError(t, os.WriteFile(file(dir), data, 0o600))
	}
	require.NoError(t, os.WriteFile(file(dir)+"-wal", log, 0o600))
	return dir
}

// A log beside a file that it does not belong to is refused, and kept: SQLite would
// throw it away, or write its pages into the file. A file that was cut and opened
// anyhow lacks nothing that its log does not hold.
func TestALogOfAnotherFile(t *testing.T) {
	data, log, before := killed(t)
	refusals := 0
	for name, c := range map[string][]byte{"missing": nil, "empty": {}, "a backup over it": before} {
		t.Run(name, func(t *testing.T) { requireLogKept(t, left(t, c, log)) })
	}
	for size := 0; size <= len(data); size += 4096 * 7 {
		dir := left(t, data[:size], log)
		s, err := sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: dir})
		if err != nil {
			refusals++
			requireLogKept(t, dir)
			continue
		}
		require.NoError(t, s.Close(t.Context()))
		requireAll(t, dir)
	}
	require.Positive(t, refusals)
	requireAll(t, left(t, data, log))
	requireAll(t, left(t, data, log[:len(log)-1])) // the last commit is not whole
}

func requireLogKept(t *testing.T, dir string) {
	t.Helper()
	before := contents(t, dir)
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	refused(t, s, err, sqlite.ErrDamaged, "backup")
	require.Equal(t, before, contents(t, dir))
}

func requireAll(t *testing.T, dir string) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	n, err := s.CountAudit(t.Context(), audit.AuditQuery{Workspace: "w"}, 10_000)
	require.NoError(t, err)
	require.InDelta(t, 1700, n, 1)
	require.NoError(t, s.Close(t.Context()))
}

// What is new is for its owner alone, also in a folder that others may look into: it
// holds the secret that tokens are signed with.
func TestTheFilesAreForTheirOwner(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755)) //nolint:gosec // the folder that an operator made
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 4)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s: %v", e.Name(), info.Mode())
	}
	require.NoError(t, s.Close(t.Context()))
}
