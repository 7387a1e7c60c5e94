package sqlite_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
)

// contents are the files of a folder by name, without the lock, which holds nothing.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	out := map[string]string{}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".lock" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = string(data)
	}
	return out
}

// filled makes a folder with some data, closed.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	fill(t, dir)
	return dir
}

func fill(t *testing.T, dir string) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	require.NoError(t, s.CreateWorkspace(t.Context(), workspace.Directory{Workspace: workspace.Workspace{ID: "w", Name: "W", Rev: 1}}))
	for i := range 200 {
		require.NoError(t, s.AppendAudit(t.Context(), audit.AuditEntry{ID: string(rune('a'+i%26)) + time.Duration(i).String(), Workspace: "w", At: time.Unix(int64(i), 0)}))
	}
	require.NoError(t, s.Close(t.Context()))
}

func file(dir string) string { return filepath.Join(dir, sqlite.FileName) }

// edit changes bytes of the file.
func edit(t *testing.T, dir string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(file(dir))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file(dir), change(data), 0o600))
}

// A folder that must not be opened is refused with a sentence, for writing and for
// reading, and nothing in it changes. Issue rows: a second process, rights, disks,
// damage, versions.
func TestFoldersThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(t *testing.T, dir string)
		reason error
		says   string
		// readable is what OpenReadOnly makes of it: the same reason when nil.
		readable bool
	}{
		"in use": {func(t *testing.T, dir string) {
			s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close(t.Context())) })
		}, sqlite.ErrInUse, "Stop it", true},
		"read-only":        {mountReadOnly, sqlite.ErrUnwritable, "Change its rights", true},
		"a read-only file": {func(t *testing.T, dir string) { mountReadOnly(t, file(dir)) }, sqlite.ErrUnwritable, "Change its rights", true},
		"cut to half": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { return b[:len(b)/2] })
		}, sqlite.ErrDamaged, "It was cut", false},
		"cut by a byte": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { return b[:len(b)-1] })
		}, sqlite.ErrDamaged, "It was cut", false},
		"cut in the header": {func(t *testing.T, dir string) { edit(t, dir, func(b []byte) []byte { return b[:50] }) }, sqlite.ErrDamaged, "It was cut", false},
		"begins with zeros": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { return append(make([]byte, 100), b[100:]...) })
		}, sqlite.ErrDamaged, "restore a backup", false},
		"a first page of nothing": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { copy(b[100:4096], bytes.Repeat([]byte{0xff}, 4096)); return b })
		}, sqlite.ErrDamaged, "restore a backup", false},
		"pages of nothing": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { copy(b[4096:], bytes.Repeat([]byte{0xff}, len(b))); return b })
		}, sqlite.ErrDamaged, "restore a backup", false},
		"a newer version": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { binary.BigEndian.PutUint32(b[60:], 99); return b })
		}, sqlite.ErrOtherVersion, "version 99", false},
		"another program": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte { binary.BigEndian.PutUint32(b[68:], 7); return b })
		}, sqlite.ErrForeign, "Choose another folder", false},
		"the engine before": {func(t *testing.T, dir string) {
			data, err := bson.Marshal(bson.D{{Key: "namespaces", Value: bson.D{}}})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(file(dir), data, 0o600))
		}, sqlite.ErrFormerEngine, "move the file away", false},
		"garbage": {func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(file(dir), []byte("garbage"), 0o600))
		}, sqlite.ErrDamaged, "restore a backup", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t)
			c.spoil(t, dir)
			before := contents(t, dir)
			s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
			refused(t, s, err, c.reason, c.says)
			require.Equal(t, before, contents(t, dir))

			s, err = sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: dir})
			if c.readable {
				require.NoError(t, err)
				d, err := s.Directory(t.Context(), "w")
				require.NoError(t, err)
				require.Equal(t, "W", d.Workspace.Name)
				require.NoError(t, s.Close(t.Context()))
			} else {
				refused(t, s, err, c.reason, c.says)
			}
			require.Equal(t, before[sqlite.FileName], contents(t, dir)[sqlite.FileName])
		})
	}
}

func refused(t *testing.T, s *sqlite.Store, err, reason error, says string) {
	t.Helper()
	var typed *sqlite.FolderError
	require.ErrorAs(t, err, &typed)
	require.ErrorIs(t, err, reason)
	require.ErrorContains(t, err, says)
	require.NotEmpty(t, typed.Path)
	require.Nil(t, s)
}

func TestNoFolderIsMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	s, err := sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: dir})
	refused(t, s, err, sqlite.ErrMissing, "Name the folder")
	require.NoDirExists(t, dir)
	s, err = sqlite.Open(t.Context(), sqlite.Config{Dir: dir, MustExist: true})
	refused(t, s, err, sqlite.ErrMissing, "Name the folder")
	require.NoDirExists(t, dir)
}

func TestAFileIsNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: path})
	refused(t, s, err, sqlite.ErrUnwritable, "not a folder")
}

// stuff fills the disk, and frees it again.
func stuff(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "stuffing")
	f, err := os.Create(path)
	require.NoError(t, err)
	for size := 1 << 16; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		}
	}
	require.NoError(t, f.Close())
	return func() { require.NoError(t, os.Remove(path)) }
}
