package scalars

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalInt writes an Int.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalInt reads an Int: an integer of 32 bits, and not a text that looks
// like one. A number with a fraction or an exponent is refused even if its value
// is whole.
func UnmarshalInt(v any) (int, error) {
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case int64:
		n = v
	case json.Number:
		var err error
		if n, err = strconv.ParseInt(v.String(), 10, 64); err != nil {
			return 0, notInt(v)
		}
	default:
		return 0, notInt(v)
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, notInt(v)
	}
	return int(n), nil
}

func notInt(v any) error {
	return fmt.Errorf("%T is not an integer from -2147483648 to 2147483647", v)
}
