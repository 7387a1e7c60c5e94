package inbox

import (
	"strings"
	"unicode/utf8"
)

// MaxKey is the longest idempotency key or external id, in bytes.
const MaxKey = 200

// CheckText demands 1 to limit characters, of which one at least can be seen.
func CheckText(field, text string, limit int) error {
	if LooksEmpty(text) {
		return Invalid(field, "%s is empty. Write at least one character that can be seen.", field)
	}
	return CheckLength(field, text, limit)
}

// CheckLength refuses a text of more than limit characters, or with characters that no
// text may have.
func CheckLength(field, text string, limit int) error {
	if err := CheckCharacters(field, text); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return Invalid(field, "%s has %d characters; at most %d are allowed.", field, n, limit)
	}
	return nil
}

// CheckKey takes none, or a key of which something can be seen, in one line.
func CheckKey(field, key string) error {
	if len(key) > MaxKey {
		return Invalid(field, "%s has %d bytes; at most %d are allowed.", field, len(key), MaxKey)
	}
	if key != "" && (LooksEmpty(key) || strings.ContainsAny(key, "\t\r\n")) {
		return Invalid(field, "%s is blank, or has more than one line. Leave it out, or give an id.", field)
	}
	return CheckCharacters(field, key)
}
