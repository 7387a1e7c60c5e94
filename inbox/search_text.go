package inbox

import "strings"

// SearchText is the text that a view's search covers. Stores index its folded
// words.
func (c Conversation) SearchText() string {
	return strings.Join([]string{c.Subject, c.ContactName, c.ContactEmail, phoneText(c.ContactPhone)}, " ")
}

const (
	// minPhoneDigits is how many digits of a phone number a search has to give.
	minPhoneDigits = 2
	// maxPhoneDigits is as many as ITU-T E.164 allows; later digits, such as an
	// extension's, are found as they were written.
	maxPhoneDigits = 15
	// maxCountryCode is the length of the longest country code.
	maxCountryCode = 3
)

// phoneText is a phone number as people look for it: as it was written, its digits
// from each of them on, and the forms in which it is dialled, with 00 before the
// country code or with 0 instead of it. A search finds the beginnings of words, so
// any run of the number's digits finds it, however it is grouped.
func phoneText(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	digits = digits[:min(len(digits), maxPhoneDigits)]
	if len(digits) < minPhoneDigits {
		return phone
	}
	words := []string{phone, "00" + digits}
	for i := range len(digits) - minPhoneDigits + 1 {
		words = append(words, digits[i:])
		if 0 < i && i <= maxCountryCode {
			words = append(words, "0"+digits[i:])
		}
	}
	return strings.Join(words, " ")
}
