package sqlite_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/sqlite"
)

func session(until time.Time) cluster.LinkSession {
	return cluster.LinkSession{ID: "link", Workspace: "w", Member: "m", Until: until}
}

// Opening removes what expired while nothing ran.
func TestOpenRemovesExpired(t *testing.T) {
	for name, c := range map[string]struct {
		until time.Duration
		want  error
	}{"over": {-time.Hour, nil}, "not over": {time.Hour, commit.ErrDuplicateKey}} {
		t.Run(name, func(t *testing.T) {
			config := sqlite.Config{Dir: t.TempDir()}
			s, err := sqlite.Open(t.Context(), config)
			require.NoError(t, err)
			require.NoError(t, s.BeginLinkSession(t.Context(), session(time.Now().Add(c.until))))
			require.NoError(t, s.Close(t.Context()))
			s, err = sqlite.Open(t.Context(), config)
			require.NoError(t, err)
			require.ErrorIs(t, s.BeginLinkSession(t.Context(), session(time.Now().Add(time.Hour))), c.want)
			require.NoError(t, s.Close(t.Context()))
		})
	}
}

// An open store removes what expires.
func TestRunningRemovesExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), sqlite.Config{})
		require.NoError(t, err)
		begin := func() error { return s.BeginLinkSession(t.Context(), session(time.Now().Add(time.Hour))) }
		require.NoError(t, begin())
		time.Sleep(59 * time.Minute)
		synctest.Wait()
		require.ErrorIs(t, begin(), commit.ErrDuplicateKey)
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		require.NoError(t, begin())
		require.NoError(t, s.Close(t.Context()))
	})
}
