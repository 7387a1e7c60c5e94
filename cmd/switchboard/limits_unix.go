//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// surviveLimits makes a write beyond the limit of a file's size an error, as a full
// disk is one, and not the end of the process.
func surviveLimits() { signal.Ignore(syscall.SIGXFSZ) }
