package store_test

import (
	"slices"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"switchboard/store"
)

// FuzzSearch takes any text apart into words: each is of letters and digits, and
// taken apart again gives itself, or a search would not find what was stored.
func FuzzSearch(f *testing.F) {
	f.Add("José owes {\"$ne\": null} 5 €")
	f.Add("$where.*|^")
	f.Fuzz(func(t *testing.T, text string) {
		words := store.Words(text)
		require.True(t, slices.IsSorted(words))
		for _, word := range words {
			require.NotEmpty(t, word)
			for _, r := range word {
				require.True(t, unicode.IsLetter(r) || unicode.IsDigit(r), "%q in %q", r, word)
			}
			require.Equal(t, []string{word}, store.Words(word))
		}
	})
}
