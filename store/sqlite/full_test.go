package sqlite_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/store/sqlite"
)

// A full disk refuses to open, says so, and loses nothing.
func TestAFullDiskAtTheStart(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, string){"new": func(*testing.T, string) {}, "with data": fill} {
		t.Run(name, func(t *testing.T) {
			dir := small(t)
			prepare(t, dir)
			before := contents(t, dir)
			free := stuff(t, dir)
			s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
			refused(t, s, err, sqlite.ErrFull, "Free some space")
			require.Equal(t, before[sqlite.FileName], contents(t, dir)[sqlite.FileName])
			free()
			s, err = sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
			require.NoError(t, err)
			require.NoError(t, s.Close(t.Context()))
		})
	}
}

// A disk that fills up refuses writes, which the log says, and answers reads, and goes on when it has space
// again; what was acknowledged is there.
func TestADiskThatFillsUp(t *testing.T) {
	dir := small(t)
	fill(t, dir)
	var log bytes.Buffer
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	n := 0
	write := func() error {
		n++
		return s.AppendAudit(t.Context(), audit.AuditEntry{ID: "entry" + strconv.Itoa(n), Workspace: "w", At: time.Unix(int64(n), 0)})
	}
	require.NoError(t, write())
	free := stuff(t, dir)
	acknowledged := 1
	for err = write(); err == nil; err = write() {
		acknowledged++
	}
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	require.Error(t, write())
	require.Equal(t, 1, strings.Count(log.String(), "Free some space"), "the operator is told once: %s", log.String())
	_, err = s.Directory(t.Context(), "w")
	require.NoError(t, err)
	free()
	require.NoError(t, write())
	require.NoError(t, s.Close(t.Context()))
	s, err = sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	count, err := s.CountAudit(t.Context(), audit.AuditQuery{Workspace: "w"}, 10_000)
	require.NoError(t, errors.Join(err, s.Close(t.Context())))
	require.Equal(t, 200+acknowledged+1, count)
}
