//go:build race

package blackbox_test

// buildFlags make the program look for data races where its tests do: a process
// that found one ends with exit code 66. They are those of scripts/test.
var buildFlags = []string{"-race", "-gcflags=modernc.org/sqlite/lib=-race=false", "-gcflags=modernc.org/libc/...=-race=false"}
