package inbox

import (
	"net/mail"
	"strings"
	"unicode"
)

// MaxEmail bounds an e-mail address, in bytes.
const MaxEmail = 254

// CheckEmail refuses text that is not a plain address: one @ with something on both
// sides, and no spaces, control characters or invisible characters, by which two
// addresses could look the same.
func CheckEmail(field, email string) error {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || parsed.Name != "" || len(email) > MaxEmail ||
		strings.Count(email, "@") != 1 || strings.ContainsFunc(email, inNoAddress) {
		return Invalid(field, "%s is not an e-mail address. Write it like ann@example.com.", field)
	}
	return nil
}

func inNoAddress(r rune) bool { return invisible(r) || unicode.IsControl(r) }
