package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/feed"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
)

// A backup is one moment of a store that goes on being written, from this process and
// beside another one.
func TestBackupWhileWritten(t *testing.T) {
	dir := filled(t)
	server, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	beside, err := sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	for name, s := range map[string]*sqlite.Store{"its own": server, "another process": beside} {
		t.Run(name, func(t *testing.T) {
			var written atomic.Int64
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			begun := make(chan struct{})
			go func() { ended <- writeOn(ctx, server, name, &written, begun) }()
			<-begun
			before := written.Load()
			position := positionOf(t, server, name)
			restored := t.TempDir()
			var done, total int
			require.NoError(t, s.Backup(t.Context(), file(restored), func(d, of int) { done, total = d, of }))
			require.Positive(t, total)
			require.Equal(t, total, done)
			stop()
			require.NoError(t, <-ended)

			r, err := sqlite.Open(t.Context(), sqlite.Config{Dir: restored})
			require.NoError(t, err)
			first, err := r.CountAudit(t.Context(), audit.AuditQuery{Workspace: "w", Target: audit.AuditTarget{Kind: audit.AuditTeam, ID: name}}, 1<<30)
			require.NoError(t, err)
			require.GreaterOrEqual(t, int64(first), before)
			_, err = r.Watch(t.Context(), position)
			require.ErrorIs(t, err, feed.ErrHistoryLost, "what is restored counts its events anew")
			require.NoError(t, r.Close(t.Context()))
			require.Len(t, contents(t, restored), 1, "nothing else is left")
		})
	}
	require.NoError(t, errors.Join(beside.Close(t.Context()), server.Close(t.Context())))
}

// writeOn writes until ctx ends. It closes begun behind the first entry.
func writeOn(ctx context.Context, s *sqlite.Store, name string, written *atomic.Int64, begun chan<- struct{}) error {
	for n := 0; ctx.Err() == nil; n++ {
		e := audit.AuditEntry{ID: name + strconv.Itoa(n), Workspace: "w", At: time.Unix(int64(n), 0), Target: audit.AuditTarget{Kind: audit.AuditTeam, ID: name}}
		if err := s.AppendAudit(context.WithoutCancel(ctx), e); err != nil {
			return err
		}
		if written.Add(1) == 1 {
			close(begun)
		}
	}
	return nil
}

// A backup is complete or absent, and no file is overwritten.
func TestBackupsThatAreRefused(t *testing.T) {
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: filled(t)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	over, cancel := context.WithCancel(t.Context())
	defer cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		to   func(dir string) string
		want error
	}{
		"a file that exists": {t.Context(), func(dir string) string {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "b"), []byte("mine"), 0o600))
			return filepath.Join(dir, "b")
		}, fs.ErrExist},
		"a folder":       {t.Context(), func(dir string) string { return dir }, fs.ErrExist},
		"no such folder": {t.Context(), func(dir string) string { return filepath.Join(dir, "a", "b") }, fs.ErrNotExist},
		"interrupted":    {over, func(dir string) string { return filepath.Join(dir, "b") }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			to := c.to(dir)
			before := contents(t, dir)
			require.ErrorIs(t, s.Backup(c.ctx, to, func(int, int) { cancel() }), c.want)
			require.Equal(t, before, contents(t, dir))
		})
	}
	t.Run("a full disk", func(t *testing.T) {
		dir := small(t)
		stuff(t, dir)
		before := contents(t, dir)
		err := s.Backup(t.Context(), filepath.Join(dir, "b"), nil)
		require.ErrorIs(t, err, sqlite.ErrFull)
		require.ErrorContains(t, err, "name a file on another disk")
		require.Equal(t, before, contents(t, dir))
	})
}

// positionOf is a position of a feed behind an event.
func positionOf(t *testing.T, s *sqlite.Store, name string) string {
	t.Helper()
	stream, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	stars := shelf.Stars{Workspace: "w", Member: workspace.MemberID(name), Rev: 1}
	require.NoError(t, s.SaveStars(t.Context(), stars, inbox.Event{ID: inbox.EventID("star " + name), Workspace: "w", Type: inbox.StarEvent, At: time.Now()}))
	item, err := stream.Next(t.Context())
	require.NoError(t, err)
	require.NoError(t, stream.Close(t.Context()))
	return item.Position
}
