package inbox

import (
	"strconv"
	"time"
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

// CheckSeconds refuses a duration that is not from least to most. The refusal says it in
// seconds, as the API takes durations.
func CheckSeconds(field string, d, least, most time.Duration) error {
	if d < least || d > most {
		return Invalid(field, "%s is %s; it must be from %s to %s seconds.", field, seconds(d), seconds(least), seconds(most))
	}
	return nil
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

// CheckKey takes none, or a key of which something can be seen, in one line.
func CheckKey(field, key string) error {
	if len(key) > MaxKey {
		return Invalid(field, "%s has %d bytes; at most %d are allowed.", field, len(key), MaxKey)
	}
	if key != "" && LooksEmpty(key) {
		return Invalid(field, "%s is blank. Leave it out, or give an id.", field)
	}
	return CheckOneLine(field, key)
}
