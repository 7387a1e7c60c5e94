package blackbox_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// mountSmall puts a file system of 256 MiB on a folder, and reports whether it may.
func mountSmall(t *testing.T, dir string) bool {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256m"); err != nil {
		return false
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return true
}
