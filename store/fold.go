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
// marks, in one case (so that ß is ss). Folding twice changes nothing more.
func Fold(s string) string {
	// A transformer keeps state, so each call has its own.
	folding := transform.Chain(cases.Fold(), norm.NFD, runes.Remove(runes.In(unicode.Mn)))
	folded, _, err := transform.String(folding, strings.ToLower(s))
	if err != nil { // these transformers accept any text
		return strings.ToLower(s)
	}
	return strings.ToLower(folded) // some scripts fold to capitals
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
