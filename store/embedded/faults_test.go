package embedded_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/store/embedded"
)

// event is a directory event, which any store takes.
func event(n int) inbox.Event {
	return inbox.Event{
		ID: inbox.EventID(fmt.Sprintf("e%d", n)), Workspace: "w", Type: inbox.DirectoryEvent,
		Directory: &workspace.DirectoryChange{Team: &workspace.Team{ID: workspace.TeamID(fmt.Sprintf("t%d", n)), Workspace: "w", Rev: 1}},
	}
}

// A position that is no longer held is said to be lost, when a feed is opened
// there and when an open one fell behind.
func TestFeedPositionLost(t *testing.T) {
	ctx := context.Background()
	s := open(t, embedded.Config{History: 10, HistoryAge: time.Second})
	defer func() { require.NoError(t, s.Close(ctx)) }()
	slow, err := s.Watch(ctx, "")
	require.NoError(t, err)
	position := slow.Position()
	n := 0
	require.Eventually(t, func() bool {
		n++
		require.NoError(t, s.SaveDirectory(ctx, event(n)))
		stream, err := s.Watch(ctx, position)
		if err == nil {
			require.NoError(t, stream.Close(ctx))
			return false
		}
		require.ErrorIs(t, err, feed.ErrHistoryLost)
		return true
	}, time.Minute, 5*time.Millisecond)
	_, err = slow.Next(ctx)
	require.ErrorIs(t, err, feed.ErrHistoryLost)
	require.NoError(t, slow.Close(ctx))
}

// An open feed ends when the store is closed, and nothing is INTERNAL.
func TestClosed(t *testing.T) {
	ctx := context.Background()
	s := open(t, embedded.Config{})
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	ended := make(chan error)
	go func() {
		_, err := stream.Next(ctx)
		ended <- err
	}()
	require.NoError(t, s.Close(ctx))
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(<-ended))
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(s.SaveDirectory(ctx, event(1))))
	_, err = s.Directory(ctx, "w")
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	_, err = s.Watch(ctx, "")
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
}

func TestOneProcessAFolder(t *testing.T) {
	ctx := context.Background()
	config := embedded.Config{Dir: filepath.Join(t.TempDir(), "made", "as", "needed")}
	s := open(t, config)
	_, err := embedded.Open(ctx, config)
	require.ErrorContains(t, err, "another process uses the data folder")
	require.ErrorContains(t, err, config.Dir)
	require.NoError(t, s.Close(ctx))
	require.NoError(t, open(t, config).Close(ctx))
}

func TestBadFolders(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	damaged := filepath.Join(dir, "damaged")
	require.NoError(t, os.Mkdir(damaged, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(damaged, "switchboard.db"), []byte("what is this"), 0o600))
	for name, c := range map[string]struct{ dir, said string }{
		"a file": {filepath.Join(file, "data"), "data folder"}, "a damaged file": {damaged, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := embedded.Open(context.Background(), embedded.Config{Dir: c.dir})
			require.ErrorContains(t, err, c.said)
			require.ErrorContains(t, err, c.dir)
		})
	}
}

// Only the owner may read the file: it holds conversations and the secret.
func TestFileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	s := open(t, embedded.Config{Dir: dir})
	require.NoError(t, s.Close(context.Background()))
	info, err := os.Stat(filepath.Join(dir, "switchboard.db"))
	require.NoError(t, err)
	require.Zero(t, info.Mode().Perm()&0o077)
}

func TestCheck(t *testing.T) {
	s := open(t, embedded.Config{})
	require.NoError(t, s.Check(context.Background()))
	require.NoError(t, s.Close(context.Background()))
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(s.Check(context.Background())))
}
