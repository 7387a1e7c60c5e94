package wsconn

import (
	"syscall"
	"unsafe"
)

// writeOnce is write(2) on a descriptor that does not block. The scheduler is not
// told: it would prepare for a wait that never comes, with each of many frames.
func writeOnce(fd int, p []byte) (int, error) {
	n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p))) // p outlives the call
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil // no longer than p
}
