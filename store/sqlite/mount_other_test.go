//go:build !linux

package sqlite_test

import "testing"

func mountReadOnly(t *testing.T, _ string) {
	t.Helper()
	t.Skip("mounts are those of Linux")
}

func small(t *testing.T) string {
	t.Helper()
	t.Skip("mounts are those of Linux")
	return ""
}
