package document

import (
	"slices"
	"strings"
	"unicode"
)

// maxSigns bounds how many different signs of one text are kept.
const maxSigns = 64

// Words returns the words that a text is found by, sorted and each once; nil if
// there are none. A search finds a text if each word of the search begins one of
// the text's words.
//
//   - Letters and numbers, with the marks on them, make folded words;
//     everything else separates words.
//   - In scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese)
//     each two adjacent characters make a word, and so does the last one, so
//     that a search finds text inside a sentence.
//   - Any other visible sign, such as an emoji or a question mark, is a word.
func Words(s string) []string {
	w := &wordBreaker{signs: map[rune]bool{}}
	for _, r := range Fold(s) {
		w.take(r)
	}
	w.part()
	if len(w.words) == 0 {
		return nil
	}
	slices.Sort(w.words)
	return slices.Compact(w.words)
}

// Terms gives the words that a search demands; nil for one that looks empty. Signs
// between letters are not demanded, so that "o'brien" finds "O’Brien"; emoji are.
func Terms(search string) []string {
	words := Words(search)
	if !slices.ContainsFunc(words, func(w string) bool { return !isSign(first(w)) }) {
		return words
	}
	return slices.DeleteFunc(words, func(w string) bool { return isSign(first(w)) && !unicode.Is(unicode.So, first(w)) })
}

func first(w string) rune {
	for _, r := range w {
		return r
	}
	return 0
}

// wordBreaker takes a text apart. Units are characters with the marks on them, of
// the word, or of the run without spaces, that has begun.
type wordBreaker struct {
	words  []string
	units  []string
	packed bool // the run is of a script without spaces
	signs  map[rune]bool
}

func (w *wordBreaker) take(r rune) {
	const joiner, nonJoiner = '\u200d', '\u200c'
	packed := isPacked(r)
	switch {
	case unicode.Is(unicode.M, r) && len(w.units) > 0:
		w.units[len(w.units)-1] += string(r)
		return
	case (r == joiner || r == nonJoiner) && w.marked():
		return // it shapes the letters beside it and parts nothing
	case !packed && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r):
		w.part()
		w.sign(r)
		return
	case packed != w.packed:
		w.part()
	}
	w.packed = packed
	w.units = append(w.units, string(r))
}

// marked reports whether the run ends with a mark.
func (w *wordBreaker) marked() bool {
	if len(w.units) == 0 {
		return false
	}
	last := []rune(w.units[len(w.units)-1])
	return unicode.Is(unicode.M, last[len(last)-1])
}

// part ends the word, or the run.
func (w *wordBreaker) part() {
	if !w.packed && len(w.units) > 0 {
		w.words = append(w.words, strings.Join(w.units, ""))
	}
	if w.packed {
		for i := range w.units {
			w.words = append(w.words, strings.Join(w.units[i:min(i+2, len(w.units))], ""))
		}
	}
	w.units, w.packed = w.units[:0], false
}

func (w *wordBreaker) sign(r rune) {
	if isSign(r) && !w.signs[r] && len(w.signs) < maxSigns {
		w.signs[r] = true
		w.words = append(w.words, string(r))
	}
}

// isSign reports whether r can be seen and is part of no word.
func isSign(r rune) bool {
	return !isPacked(r) && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsSpace(r) &&
		!unicode.In(r, unicode.M, unicode.Z, unicode.Cc, unicode.Cf) && r != '\u2800'
}

// isPacked reports whether r belongs to a script without spaces between words.
// Flags consist of two signs and are identified by the pair.
func isPacked(r rune) bool {
	const longVowel, halfLongVowel, flagA, flagZ = '\u30fc', '\uff70', '\U0001f1e6', '\U0001f1ff'
	return r == longVowel || r == halfLongVowel || flagA <= r && r <= flagZ ||
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// EndOfPrefix sorts behind every word that begins with prefix, and before all others
// behind it.
func EndOfPrefix(prefix string) string { return prefix + "\U0010FFFF" }
