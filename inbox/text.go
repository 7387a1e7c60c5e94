package inbox

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LooksEmpty reports whether nobody would see anything of a text: it is empty, or
// has nothing but spaces of any kind, characters without a shape, and marks that
// stand on nothing.
func LooksEmpty(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !invisible(r) && !unicode.Is(unicode.M, r) }) < 0
}

// Visible returns the text, or none if it looks empty. It leaves forbidden characters
// in, to be refused.
func Visible(text string) string {
	if LooksEmpty(text) && strings.IndexFunc(text, forbidden) < 0 {
		return ""
	}
	return text
}

// invisible reports whether r leaves nothing to see by itself: spaces, control and
// format characters, and letters and symbols that are made to be blank.
func invisible(r rune) bool {
	switch r {
	case '\u2800', '\U0001D159': // a Braille cell without dots, a notehead that is not drawn
		return true
	}
	return unicode.In(r, unicode.White_Space, unicode.Z, unicode.Cc, unicode.Cf,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// forbidden reports whether r may be in no text at all: the control characters of
// ASCII but those that lay out a text.
func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r'
}

// CheckCharacters refuses a text that is not Unicode, or has control characters.
func CheckCharacters(field, text string) error {
	at := strings.IndexFunc(text, forbidden)
	switch {
	case strings.ToValidUTF8(text, "") != text:
		return Invalid(field, "%s is not valid UTF-8.", field)
	case at >= 0:
		return Invalid(field, "%s has the control character U+%04X. Leave it out; of those only tabs and line ends are allowed.", field, text[at])
	}
	return nil
}

// offLine reports whether r may be in no text of one line: control characters, what ends a
// line, and what turns the direction of the text behind it, by which a name could make what
// stands beside it read as something else. Marks that only say how a script is joined or
// directed are none of these.
func offLine(r rune) bool {
	turns := r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
	return turns || unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp)
}

// CheckOneLine refuses a text that is not Unicode, or that has what a text of one line, such
// as a name, may not have.
func CheckOneLine(field, text string) error {
	if err := CheckCharacters(field, text); err != nil {
		return err
	}
	at := strings.IndexFunc(text, offLine)
	if at < 0 {
		return nil
	}
	r, _ := utf8.DecodeRuneInString(text[at:])
	return Invalid(field, "%s has the character U+%04X, and is one line of text: leave out tabs, line ends and other "+
		"control characters, and characters that turn the direction of text around.", field, r)
}

// CheckLine demands 1 to limit characters in one line, of which one at least can be seen.
func CheckLine(field, text string, limit int) error {
	if err := CheckText(field, text, limit); err != nil {
		return err
	}
	return CheckOneLine(field, text)
}
