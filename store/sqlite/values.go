package sqlite

import (
	"strings"
	"time"
)

// Columns hold times in milliseconds, as precise as stored documents.

// timeOrNull stores the zero time as none.
func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// marks are n comma-separated parameters.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// params are values as parameters of a query.
func params[T ~string](values []T) []any {
	out := make([]any, 0, len(values))
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}
