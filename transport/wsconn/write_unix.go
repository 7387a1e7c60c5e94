//go:build unix && !linux

package wsconn

import "syscall"

// writeOnce is write(2).
func writeOnce(fd int, p []byte) (int, error) { return syscall.Write(fd, p) }
