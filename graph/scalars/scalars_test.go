package scalars_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchboard/graph/scalars"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestInt(t *testing.T) {
	for _, taken := range []any{json.Number("0"), json.Number("-2147483648"), json.Number("2147483647"), 7, int64(7)} {
		_, err := scalars.UnmarshalInt(taken)
		require.NoError(t, err, "%#v", taken)
	}
	for _, refused := range []any{
		json.Number("2147483648"), json.Number("-2147483649"), json.Number("4294967297"), json.Number("9223372036854775808"),
		json.Number("1.0"), json.Number("1e3"), json.Number("1.5"), json.Number(""), "1", "", nil, true, 1.0, int64(1) << 31, []any{1},
	} {
		_, err := scalars.UnmarshalInt(refused)
		require.Error(t, err, "%#v", refused)
	}
}

// Times that a client sorts as texts are sorted as times.
func TestDateTimesAreOfOneLength(t *testing.T) {
	form := regexp.MustCompile(`^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"$`)
	write := func(at time.Time) string {
		var out strings.Builder
		scalars.MarshalDateTime(at).MarshalGQL(&out)
		return out.String()
	}
	require.Equal(t, "null", write(time.Time{}))
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 253402300799).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos")).In(time.FixedZone("", 7200))
		text := write(at)
		require.Regexp(t, form, text)
		read, err := scalars.UnmarshalDateTime(strings.Trim(text, `"`))
		require.NoError(t, err)
		require.Equal(t, at.Truncate(time.Millisecond).UTC(), read)
	})
	for _, refused := range []any{"", "2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05", 7, nil, json.Number("7")} {
		_, err := scalars.UnmarshalDateTime(refused)
		require.Error(t, err, "%#v", refused)
	}
}
