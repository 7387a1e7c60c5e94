package auth

import (
	"encoding/json"
	"errors"
	"fmt"

	"switchboard/inbox"

	"github.com/golang-jwt/jwt/v5"
)

// refuse makes an UNAUTHENTICATED. No caller may put a part of a token into it.
func refuse(format string, args ...any) *inbox.Error {
	return &inbox.Error{Code: inbox.Unauthenticated, Message: fmt.Sprintf(format, args...)}
}

func missingClaim(name string) *inbox.Error {
	return refuse("The token has no %q. Ask its issuer to add that claim.", name)
}

// errNoJSON stands in for errors of encoding/json, which can quote the input.
var errNoJSON = errors.New("auth: the payload is not a JSON object")

func unmarshalObject(data []byte, into *jwt.MapClaims) error {
	if json.Unmarshal(data, into) != nil {
		return errNoJSON
	}
	return nil
}

// explain turns an error of the JWT library into a refusal with a remedy. The
// library's own text is dropped: it is for users of the library, and may quote the
// token.
func explain(err error, from *source) *inbox.Error {
	var typed *inbox.Error
	switch {
	case errors.As(err, &typed):
		return typed
	case errors.Is(err, jwt.ErrTokenMalformed):
		return refuse("The token is not a JSON Web Token. Send the three parts exactly as they were issued.")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return refuse("The token's signature is wrong: it was made with another key, or the token was changed. Get a new token.")
	case errors.Is(err, jwt.ErrTokenUnverifiable):
		return refuse("The token names a signature algorithm that is not accepted. Use %s.", from.algorithms())
	case errors.Is(err, jwt.ErrTokenExpired):
		return refuse("The token expired. Sign in again, or get a new token.")
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return refuse("The token is not valid yet. Check the clocks of its issuer and of this server.")
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return refuse("The token is for another audience. This server accepts %q.", from.audience)
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return refuse("The token is from another issuer. This server accepts %q.", from.issuer)
	default:
		return refuse("The token is not valid. Get a new token.")
	}
}
