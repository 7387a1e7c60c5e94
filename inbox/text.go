package inbox

import (
	"strings"
	"unicode"
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
