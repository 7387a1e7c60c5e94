package inbox

import "unicode"

// previewLength is how many characters of a text its preview holds at most.
const previewLength = 200

// Preview returns the beginning of a text: all of it if it has no more than previewLength
// characters. It does not separate a character from the marks, joiners and modifiers
// behind it, unless these alone are longer than a preview, nor the letters of a flag.
func Preview(text string) string {
	chars := []rune(text)
	if len(chars) <= previewLength {
		return text
	}
	end := previewLength
	for end > 0 && joins(chars, end) {
		end--
	}
	if end == 0 {
		end = previewLength
	}
	return string(chars[:end])
}

const zeroWidthJoiner = '\u200d'

// joins reports whether chars[at] belongs to the character before it.
func joins(chars []rune, at int) bool {
	before, r := chars[at-1], chars[at]
	switch {
	case r == zeroWidthJoiner, before == zeroWidthJoiner, unicode.Is(unicode.M, r), before == '\r' && r == '\n':
		return true
	case r >= 0x1F3FB && r <= 0x1F3FF: // skin tones
		return true
	}
	return regional(r) && flagLetters(chars[:at])%2 == 1
}

// regional reports whether r is a letter of which two make a flag.
func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// flagLetters counts the letters of flags at the end of chars.
func flagLetters(chars []rune) (n int) {
	for n < len(chars) && regional(chars[len(chars)-1-n]) {
		n++
	}
	return n
}
