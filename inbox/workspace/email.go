package workspace

import "strings"

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
