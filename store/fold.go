package store

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold makes texts that people take for the same equal: decomposed, without
// marks and strokes, in one case (so that ß is ss and Ø is o). Folding twice changes nothing more.
func Fold(s string) string {
	// A transformer keeps state, so each call has its own.
	folding := transform.Chain(cases.Fold(), norm.NFD, runes.Remove(runes.In(unicode.Mn)))
	folded, _, err := transform.String(folding, strings.ToLower(s))
	if err != nil { // these transformers accept any text
		return strings.ToLower(s)
	}
	return plainLetters(strings.ToLower(folded)) // some scripts fold to capitals
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

// Words gives the folded words of s, sorted and each once; nil when there are
// none. Letters and digits make words, everything else parts them. A search has
// to be split by this function for its words to be found.
func Words(s string) []string {
	words := strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return nil
	}
	slices.Sort(words)
	return slices.Compact(words)
}
