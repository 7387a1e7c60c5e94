package guard

import (
	"net/http"

	"switchboard/transport/codes"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Refusal is an answer to a request of which nothing is executed: its HTTP status, the
// headers beside those of every answer, and the one error.
type Refusal struct {
	Status int
	Header http.Header
	Err    *gqlerror.Error
}

// Refuse returns a refusal without headers; code is one of package codes.
func Refuse(status int, code, message string) *Refusal {
	return &Refusal{Status: status, Header: http.Header{}, Err: codes.New(code, message)}
}

// RefuseForNow is a refusal of what may be asked again in a second.
func RefuseForNow(status int, code, message string) *Refusal {
	no := Refuse(status, code, message)
	no.Header.Set("Retry-After", "1")
	return no
}
