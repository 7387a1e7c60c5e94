package sqlite_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/audit"
	"switchboard/store/sqlite"
)

// The log grows for as long as somebody reads one state, and gives its space back after.
func TestTheLogShrinksAfterALongRead(t *testing.T) {
	const large, kept = 20 << 20, 16 << 20
	dir := filled(t)
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	n := 0
	write := func() {
		n++
		field := audit.AuditField{Field: "name", To: strings.Repeat("x", 1<<20)}
		require.NoError(t, s.AppendAudit(t.Context(), audit.AuditEntry{ID: "long" + strconv.Itoa(n), Workspace: "w", At: time.Unix(int64(n), 0), Fields: []audit.AuditField{field}}))
	}
	size := func() int64 {
		info, err := os.Stat(file(dir) + "-wal")
		require.NoError(t, err)
		return info.Size()
	}
	begun := false
	require.NoError(t, s.Backup(t.Context(), t.TempDir()+"/backup.db", func(int, int) {
		for ; !begun && size() < large; write() {
		}
		begun = true
	}))
	require.GreaterOrEqual(t, size(), int64(large))
	for i := 0; i < 10 && size() > kept; i++ {
		write()
	}
	require.LessOrEqual(t, size(), int64(kept))
	require.NoError(t, s.Close(t.Context()))
}
