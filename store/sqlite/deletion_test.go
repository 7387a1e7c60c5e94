package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/store"
	"switchboard/store/sqlite"
	"switchboard/store/storetest"
)

// A workspace that was deleted has left no row in any table of the file.
func TestADeletedWorkspaceLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	storetest.RunDeletion(t, func() store.Engine { return open(t, sqlite.Config{Dir: dir}) },
		func(t *testing.T) map[string][]string { return tables(t, filepath.Join(dir, sqlite.FileName)) },
		"installation", "sqlite_sequence", "log_progress")
}

// Nor is anything of it left in the bytes of the file.
func TestADeletedWorkspaceIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	s := open(t, sqlite.Config{Dir: dir})
	ws := storetest.Furnished(t, s)
	require.NoError(t, s.Close(context.Background()))
	holds := func() bool {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, sqlite.FileName))
		require.NoError(t, err)
		return bytes.Contains(data, []byte(ws))
	}
	require.True(t, holds())
	s = open(t, sqlite.Config{Dir: dir})
	_, err := s.DeleteWorkspace(t.Context(), ws, nil)
	require.NoError(t, err)
	require.NoError(t, s.Close(context.Background()))
	require.False(t, holds())
}

// tables reads all that there is in a file, beside the store that writes.
func tables(t *testing.T, file string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	out := map[string][]string{}
	for _, name := range texts(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table'") {
		out[name] = texts(t, db, "SELECT * FROM "+name)
		slices.Sort(out[name])
	}
	return out
}

// texts reads rows, each as one text.
func texts(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		if len(values) == 1 {
			out = append(out, fmt.Sprint(values[0]))
			continue
		}
		out = append(out, fmt.Sprintf("%q", values))
	}
	require.NoError(t, rows.Err())
	return out
}
