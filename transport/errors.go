package transport

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Codes put into extensions.code of the errors this package makes itself.
const (
	CodeBadRequest           = "BAD_REQUEST"
	CodeUnauthenticated      = "UNAUTHENTICATED"
	CodeForbiddenOrigin      = "FORBIDDEN_ORIGIN"
	CodeMethodNotAllowed     = "METHOD_NOT_ALLOWED"
	CodeNotAcceptable        = "NOT_ACCEPTABLE"
	CodePayloadTooLarge      = "PAYLOAD_TOO_LARGE"
	CodeUnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
	CodeLimitExceeded        = "LIMIT_EXCEEDED"
	CodeRateLimited          = "RATE_LIMITED"
	CodeUnavailable          = "UNAVAILABLE"
	CodeInternal             = "INTERNAL"
)

// coded returns a GraphQL error with a code and a message safe to show.
func coded(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// encodeErrors returns errs as a JSON list. An error that cannot be encoded,
// because somebody put a channel or a cycle into its extensions, is replaced:
// the client must get an answer.
func encodeErrors(errs gqlerror.List) []byte {
	data, err := json.Marshal(errs)
	if err != nil {
		data, _ = json.Marshal(gqlerror.List{coded(CodeInternal, "internal error")})
	}
	return data
}
