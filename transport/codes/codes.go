// Package codes has the error codes that the transport and its parts answer by themselves,
// as extensions.code of a GraphQL error.
package codes

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The codes of errors that do not come from a resolver.
const (
	BadRequest           = "BAD_REQUEST"
	Unauthenticated      = "UNAUTHENTICATED"
	ForbiddenOrigin      = "FORBIDDEN_ORIGIN"
	MethodNotAllowed     = "METHOD_NOT_ALLOWED"
	NotAcceptable        = "NOT_ACCEPTABLE"
	PayloadTooLarge      = "PAYLOAD_TOO_LARGE"
	UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
	LimitExceeded        = "LIMIT_EXCEEDED"
	RateLimited          = "RATE_LIMITED"
	Unavailable          = "UNAVAILABLE"
	Internal             = "INTERNAL"
)

// New returns a GraphQL error with a code and a message safe to show.
func New(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// Encode returns errs as a JSON list. An error that cannot be encoded,
// because somebody put a channel or a cycle into its extensions, is replaced:
// the client must get an answer.
func Encode(errs gqlerror.List) []byte {
	data, err := json.Marshal(errs)
	if err != nil {
		data, _ = json.Marshal(gqlerror.List{New(Internal, "internal error")})
	}
	return data
}
