//go:build !linux

package testdb

import "syscall"

// childAttributes asks for nothing: only Linux can end a child with its parent.
func childAttributes() *syscall.SysProcAttr { return nil }
