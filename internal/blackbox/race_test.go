//go:build race

package blackbox_test

// buildFlags make the program look for data races where its tests do: a process
// that found one ends with exit code 66.
var buildFlags = []string{"-race"}
