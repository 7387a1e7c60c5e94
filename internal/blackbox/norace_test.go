//go:build !race

package blackbox_test

// buildFlags are those of the tests themselves.
var buildFlags []string
