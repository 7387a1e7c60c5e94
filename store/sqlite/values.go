package sqlite

import (
	"strings"
	"time"

	"switchboard/inbox"
)

// millis is a time as columns hold it: milliseconds, as precise as stored documents.
func millis(t time.Time) int64 { return t.UnixMilli() }

// sinceOrNull is null for the zero time.
func sinceOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return millis(t)
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

// convert makes a page of stored documents one of the domain's values.
func convert[D, T any](p inbox.Page[D], each func(D) T) inbox.Page[T] {
	out := inbox.Page[T]{HasNext: p.HasNext, HasPrev: p.HasPrev}
	for _, d := range p.Items {
		out.Items = append(out.Items, each(d))
	}
	return out
}
