package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The same files give the same bytes, whenever and in whichever order they were written,
// and whoever owns them; another byte in one of them does not.
func TestArchivesAreTheSame(t *testing.T) {
	pack := func(ending, binary string, at time.Time, order ...string) string {
		folder, into := filepath.Join(t.TempDir(), "x-1.0"), t.TempDir()
		require.NoError(t, os.Mkdir(folder, 0o700))
		for _, name := range order {
			require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(name+"body"), 0o600))
			require.NoError(t, os.Chtimes(filepath.Join(folder, name), at, at))
		}
		require.NoError(t, os.Chmod(filepath.Join(folder, binary), 0o700))
		require.NoError(t, run([]string{folder, into}))
		data, err := os.ReadFile(filepath.Join(into, "x-1.0"+ending))
		require.NoError(t, err)
		return string(data)
	}
	now := time.Now()
	for ending, binary := range map[string]string{".tar.gz": "b", ".zip": "b.exe"} {
		first := pack(ending, binary, now, "a", binary)
		require.Equal(t, first, pack(ending, binary, now.Add(-time.Hour), binary, "a"))
		require.NotEqual(t, first, pack(ending, binary, now, "a", binary, "c"))
	}
	require.Error(t, run(nil))
	require.Error(t, run([]string{filepath.Join(t.TempDir(), "none"), t.TempDir()}))
}
