package transport

import (
	"net/http"

	"switchboard/transport/codes"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// refusal is an answer given without executing anything.
type refusal struct {
	status int
	header http.Header
	err    *gqlerror.Error
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, header: http.Header{}, err: codes.New(code, message)}
}

// refuseForNow is a refusal of what may be asked again in a second.
func refuseForNow(status int, code, message string) *refusal {
	no := refuse(status, code, message)
	no.header.Set("Retry-After", "1")
	return no
}
