package inbox

import (
	"slices"

	"switchboard/inbox/workspace"
)

// CheckChoice gives INVALID_INPUT unless got is one of wanted.
func CheckChoice[T ~string](field string, got T, wanted ...T) error {
	if slices.Contains(wanted, got) {
		return nil
	}
	return Invalid(field, "%s is %q; it must be one of %v.", field, got, wanted)
}

// CheckCap gives INVALID_INPUT unless n is from 1 to MaxCap.
func CheckCap(field string, n int) error {
	if n < 1 || n > workspace.MaxCap {
		return Invalid(field, "%s is %d; it must be from 1 to %d.", field, n, workspace.MaxCap)
	}
	return nil
}
