package inbox

import "slices"

// OneOf reports whether got is among wanted; an empty list wants everything.
func OneOf[T comparable](wanted []T, got T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, got)
}
