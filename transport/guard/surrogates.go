package guard

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// errHalf refuses what the decoders would turn into U+FFFD: two texts that differ
// would become the same one.
var errHalf = errors.New(`half of a surrogate pair (\ud800 to \udfff): send whole characters`)

// WholeEscapes refuses a text with escapes, as JSON and GraphQL write strings, in
// which a surrogate has no partner. Outside of strings JSON has no backslashes.
func WholeEscapes[T []byte | string](text T) error {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		first := escaped(text, i)
		i++ // what is escaped may be a backslash
		switch {
		case !utf16.IsSurrogate(first):
		case first < 0xdc00 && i+5 < len(text) && isLow(escaped(text, i+5)):
			i += 10
		default:
			return errHalf
		}
	}
	return nil
}

func isLow(r rune) bool { return r >= 0xdc00 && r <= 0xdfff }

// escaped is the code unit that is written as \uXXXX at i; 0 if there is none.
func escaped[T []byte | string](text T, i int) rune {
	if i+6 > len(text) || text[i] != '\\' || text[i+1] != 'u' {
		return 0
	}
	unit, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(unit)
}

// wholeStrings holds the strings of a document to wholeEscapes. In comments and
// block strings a backslash is no escape. A malformed document is left to the
// parser, and so is what comes beyond most tokens.
func wholeStrings(document string, most int) error {
	if !strings.Contains(document, `\u`) {
		return nil
	}
	characters := []rune(document) // which is how the lexer counts
	tokens := lexer.New(&ast.Source{Input: document})
	for range most {
		token, err := tokens.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return nil
		}
		if token.Kind != lexer.String {
			continue
		}
		if err := WholeEscapes(string(characters[token.Pos.Start:token.Pos.End])); err != nil {
			return err
		}
	}
	return nil
}
