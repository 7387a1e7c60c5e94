package scalars

import (
	"errors"
	"io"
	"strconv"

	"switchboard/inbox/eventlog"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalSequence writes a number of the log as a text of digits.
func MarshalSequence(n eventlog.Sequence) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, `"`+strconv.FormatInt(int64(n), 10)+`"`)
	})
}

// UnmarshalSequence reads the text that MarshalSequence writes, and no other form of the
// number.
func UnmarshalSequence(v any) (eventlog.Sequence, error) {
	text, _ := v.(string)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, errors.New(`a Sequence is a text of digits, such as "4711"`)
	}
	return eventlog.Sequence(n), nil
}
