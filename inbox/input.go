package inbox

import (
	"strings"
	"unicode/utf8"
)

// MaxKey is the longest idempotency key or external id, in bytes.
const MaxKey = 200

// checkText demands 1 to limit characters that are not all space.
func checkText(field, text string, limit int) error {
	if strings.TrimSpace(text) == "" {
		return Invalid(field, "%s is empty. Write at least one character.", field)
	}
	return checkLength(field, text, limit)
}

func checkLength(field, text string, limit int) error {
	if !utf8.ValidString(text) {
		return Invalid(field, "%s is not valid UTF-8.", field)
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return Invalid(field, "%s has %d characters; at most %d are allowed.", field, n, limit)
	}
	return nil
}

func checkKey(field, key string) error {
	if len(key) > MaxKey {
		return Invalid(field, "%s has %d bytes; at most %d are allowed.", field, len(key), MaxKey)
	}
	return nil
}
