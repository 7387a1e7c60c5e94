package embedded_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/256dpi/lungo"
	"github.com/256dpi/lungo/bsonkit"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/store"
	"switchboard/store/embedded"
)

// A disk that is full, over its quota or read-only is UNAVAILABLE at once. What was
// acknowledged is there, also after a restart; nothing else is; and when there is
// space again everything goes on, noticed without a write.
func TestAFullDisk(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS, syscall.EIO} {
		t.Run(cause.Error(), func(t *testing.T) {
			ctx, config := context.Background(), embedded.Config{Dir: t.TempDir()}
			var full error
			s, err := embedded.OpenWriting(ctx, config, func(path string, data []byte) error {
				if full != nil { // as the library words it: the cause is text
					return fmt.Errorf("failed to write temporary file %q: %v", path+".tmp", full) //nolint:errorlint // that is the point
				}
				return embedded.WriteFile(path, data)
			})
			require.NoError(t, err)
			require.NoError(t, s.SaveDirectory(ctx, event(1)))
			require.NoError(t, s.Writable())

			full = cause
			for range 2 {
				err := s.SaveDirectory(ctx, event(2))
				require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%v", err)
				require.ErrorIs(t, err, store.ErrUnwritten)
			}
			require.ErrorContains(t, s.Writable(), cause.Error())
			require.NoError(t, s.Check(ctx), "it can be read")
			_, err = s.Event(ctx, "w", "e1")
			require.NoError(t, err)
			_, err = s.Event(ctx, "w", "e2")
			require.Equal(t, inbox.NotFound, inbox.CodeOf(err), "nobody sees what is not kept")

			full = nil
			require.Eventually(t, func() bool { return s.Writable() == nil }, time.Minute, 10*time.Millisecond)
			require.NoFileExists(t, filepath.Join(config.Dir, "switchboard.db.probe"))
			require.NoError(t, s.SaveDirectory(ctx, event(2)), "the same again")
			full = cause
			require.Error(t, s.SaveDirectory(ctx, event(3)))
			require.NoError(t, s.Close(ctx))

			s = open(t, config)
			defer func() { require.NoError(t, s.Close(ctx)) }()
			for id, want := range map[inbox.EventID]inbox.Code{"e1": "", "e2": "", "e3": inbox.NotFound} {
				_, err := s.Event(ctx, "w", id)
				require.Equal(t, want, inbox.CodeOf(err), id)
			}
		})
	}
}

// A clock that was set back is a warning. The data is there, the feed begins anew
// and goes on in order, and nobody resumes in the wrong place.
func TestAClockThatWasSetBack(t *testing.T) {
	ctx, config := context.Background(), embedded.Config{Dir: t.TempDir()}
	s := open(t, config)
	for n := range 5 {
		require.NoError(t, s.SaveDirectory(ctx, event(n)))
	}
	stream, err := s.Watch(ctx, "")
	require.NoError(t, err)
	before := stream.Position()
	require.NoError(t, stream.Close(ctx))
	require.NoError(t, s.Close(ctx))
	setBack(t, config.Dir, 2*time.Hour)

	var said bytes.Buffer
	config.Log = slog.New(slog.NewTextHandler(&said, nil))
	s = open(t, config)
	defer func() { require.NoError(t, s.Close(ctx)) }()
	require.Contains(t, said.String(), "level=WARN")
	require.Regexp(t, `clock=\S+ newest=\S+ file=`, said.String())
	_, err = s.Event(ctx, "w", "e4")
	require.NoError(t, err)
	_, err = s.Watch(ctx, before)
	require.ErrorIs(t, err, feed.ErrHistoryLost)

	stream, err = s.Watch(ctx, "")
	require.NoError(t, err)
	defer func() { require.NoError(t, stream.Close(ctx)) }()
	for n := 5; n < 8; n++ {
		require.NoError(t, s.SaveDirectory(ctx, event(n)))
		item, err := stream.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, event(n).ID, item.Event.ID)
		again, err := s.Watch(ctx, item.Position)
		require.NoError(t, err)
		require.NoError(t, again.Close(ctx))
	}
	newest, err := s.NewestID(ctx)
	require.NoError(t, err)
	require.Equal(t, "e7", newest)
}

// setBack makes the file one that was written later than now.
func setBack(t *testing.T, dir string, by time.Duration) {
	t.Helper()
	files := lungo.NewFileStore(filepath.Join(dir, "switchboard.db"), 0o600)
	catalog, err := files.Load()
	require.NoError(t, err)
	for _, change := range catalog.Namespaces[lungo.Oplog].Documents.List {
		at, ok := bsonkit.Get(change, "_id.ts").(primitive.Timestamp)
		require.True(t, ok)
		at.T += uint32(by / time.Second)
		_, err := bsonkit.Put(change, "_id.ts", at, false)
		require.NoError(t, err)
	}
	require.NoError(t, files.Store(catalog))
}

// A damaged file is refused, and stays as it is for whoever repairs it.
func TestADamagedFileIsLeftAlone(t *testing.T) {
	ctx, config := context.Background(), embedded.Config{Dir: t.TempDir()}
	s := open(t, config)
	require.NoError(t, s.SaveDirectory(ctx, event(1)))
	require.NoError(t, s.Close(ctx))
	path := filepath.Join(config.Dir, "switchboard.db")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for name, damaged := range map[string][]byte{
		"cut short": whole[:len(whole)/2], "its end is missing": whole[:len(whole)-1], "zeros": make([]byte, len(whole)),
		"another file": []byte("SQLite format 3"), "its length is wrong": append([]byte{1, 2, 3, 4}, whole[4:]...),
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, damaged, 0o600))
			_, err := embedded.Open(ctx, config)
			require.ErrorContains(t, err, "cannot be read; move it away or restore a copy")
			require.ErrorContains(t, err, path)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, damaged, after)
		})
	}
}
