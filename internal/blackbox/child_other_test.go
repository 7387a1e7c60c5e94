//go:build !linux

package blackbox_test

import "syscall"

// childAttributes has nothing to say: only Linux ends children by itself.
func childAttributes() *syscall.SysProcAttr { return nil }
