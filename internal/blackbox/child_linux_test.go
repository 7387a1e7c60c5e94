package blackbox_test

import "syscall"

// childAttributes make a child die with the tests, however these end.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
