package document_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"switchboard/store/document"
)

// FuzzSearch takes any text apart into words: none has spaces, and each finds what
// it is a word of, or a search would not find what was stored.
func FuzzSearch(f *testing.F) {
	f.Add("José owes {\"$ne\": null} 5 €")
	f.Add("$where.*|^")
	f.Add("東京都 किताब 😀🇩🇪")
	f.Fuzz(func(t *testing.T, text string) {
		words := document.Words(text)
		require.True(t, slices.IsSorted(words))
		for _, word := range words {
			require.NotEmpty(t, word)
			require.False(t, strings.ContainsFunc(word, unicode.IsSpace), "%q", word)
			require.True(t, finds(text, word), "%q of %q", word, text)
		}
	})
}
