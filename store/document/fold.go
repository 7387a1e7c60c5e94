package document

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold makes texts that people take for the same equal: decomposed, without
// accents and strokes, in one case (so that ß is ss and Ø is o). Vowel signs that
// belong to a word, as in Hindi, Tamil and Thai, are kept. Folding twice changes
// nothing more.
func Fold(s string) string {
	// A transformer keeps state, so each call has its own.
	folding := transform.Chain(cases.Fold(), norm.NFD, runes.Remove(runes.Predicate(isAccent)))
	folded, _, err := transform.String(folding, strings.ToLower(s))
	if err != nil { // these transformers accept any text
		return strings.ToLower(s)
	}
	return plainLetters(strings.ToLower(folded)) // some scripts fold to capitals
}

// isAccent reports whether r is a mark that people leave out when they type:
// accents of any script, the points of Hebrew, Arabic and Syriac, and the nukta.
// The two marks that make other syllables of Japanese ones are none.
func isAccent(r rune) bool {
	const voiced, halfVoiced, nukta = '\u3099', '\u309a', 7
	switch {
	case r < 0x300, !unicode.Is(unicode.Mn, r), r == voiced, r == halfVoiced:
		return false
	case unicode.In(r, unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Syriac):
		return true
	}
	return norm.NFD.PropertiesString(string(r)).CCC() == nukta
}

// plainLetters writes as people type them the letters that Unicode takes for
// letters of their own, not for marked ones.
func plainLetters(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch r {
		case 'ø':
			out.WriteByte('o')
		case 'ł':
			out.WriteByte('l')
		case 'đ', 'ð':
			out.WriteByte('d')
		case 'ħ':
			out.WriteByte('h')
		case 'ı':
			out.WriteByte('i')
		case 'æ':
			out.WriteString("ae")
		case 'œ':
			out.WriteString("oe")
		case 'þ':
			out.WriteString("th")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
