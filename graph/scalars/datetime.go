package scalars

import (
	"errors"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// dateTime is RFC 3339 with milliseconds, of which there are always three digits,
// so that times can be compared as texts.
const dateTime = "2006-01-02T15:04:05.000Z"

// MarshalDateTime writes a time in UTC, in whole milliseconds; the zero time as
// null.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, `"`+t.UTC().Format(dateTime)+`"`)
	})
}

// UnmarshalDateTime reads a time of RFC 3339, with any offset and any number of
// decimals.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, errors.New("a DateTime is a text")
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, errors.New("a DateTime is written as in RFC 3339, such as 2006-01-02T15:04:05.000Z")
	}
	return t.UTC(), nil
}
