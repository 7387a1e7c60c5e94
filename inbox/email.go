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

// SameEmail reports whether a and b are one address: equal but for the case of
// ASCII letters. Other letters that a case mapping makes equal, such as the long s
// and the Kelvin sign, are of other addresses.
func SameEmail(a, b string) bool { return lowerASCII(a) == lowerASCII(b) }

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// MemberByEmail finds the member who has the address, by SameEmail, and was not
// removed.
func (d *Directory) MemberByEmail(email string) (Member, bool) {
	for _, m := range d.Members {
		if !m.Removed && email != "" && SameEmail(m.Email, email) {
			return m, true
		}
	}
	return Member{}, false
}
