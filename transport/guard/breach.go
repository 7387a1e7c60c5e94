package guard

import (
	"switchboard/transport/codes"
	"time"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// A socket that is refused so often in so short a time, and does nothing else, is
// ended: it asks for nothing that it could be given.
const (
	mostBreaches = 20
	breachTime   = time.Minute
)

// breaches counts refusals in a row. It is not safe for concurrent use.
type breaches struct {
	n     int
	since time.Time
}

// another notes a refusal; true is one too many.
func (b *breaches) another(now time.Time) bool {
	if b.n == 0 || now.Sub(b.since) > breachTime {
		b.n, b.since = 0, now
	}
	b.n++
	return b.n >= mostBreaches
}

// IsBreach says whether errs refuse a caller because it has, or asks, too much, or
// what cannot be read.
func IsBreach(errs gqlerror.List) bool {
	if len(errs) == 0 {
		return false
	}
	code := errs[0].Extensions["code"]
	return code == codes.LimitExceeded || code == codes.RateLimited || code == errcode.ParseFailed
}
