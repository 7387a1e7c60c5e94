package testdb

import "syscall"

// childAttributes makes the child die with the test binary, however that ends.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
