package sqlite

import (
	"database/sql"
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

// timeOf is the time of a column that may be null; zero for null.
func timeOf(at sql.NullInt64) time.Time {
	if !at.Valid {
		return time.Time{}
	}
	return time.UnixMilli(at.Int64).UTC()
}
