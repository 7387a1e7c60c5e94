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
// decimals. The first millisecond of year 1, which is zero in Go and stands for no time
// everywhere in the program, is read as the one behind it: whoever sends it names a moment
// before all others.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, errors.New("a DateTime is a text")
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, errors.New("a DateTime is written as in RFC 3339, such as 2006-01-02T15:04:05.000Z")
	}
	if t = t.UTC(); t.Truncate(time.Millisecond).IsZero() {
		t = time.Time{}.Add(time.Millisecond)
	}
	return t, nil
}
