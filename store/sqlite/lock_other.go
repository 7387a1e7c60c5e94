//go:build !unix

package sqlite

// lock does nothing where there are no advisory locks.
func lock(string) (unlock func() error, err error) { return func() error { return nil }, nil }
