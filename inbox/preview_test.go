package inbox_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
)

// previewLength is how many characters a preview has at most.
const previewLength = 200

func TestPreview(t *testing.T) {
	for name, c := range map[string]struct{ behind, kept string }{
		"letters":              {"abc", "a"},
		"a letter of two":      {"e\u0301bc", ""},
		"an emoji with a tone": {"👍🏽b", ""},
		"joined emojis":        {"👩\u200d💻b", ""},
		"a variation":          {"❤\ufe0fb", ""},
		"a flag":               {"🇩🇪b", ""},
		"the end of a line":    {"\r\nb", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := strings.Repeat("x", previewLength-1)
			require.Equal(t, before+c.kept, inbox.Preview(before+c.behind))
			require.Equal(t, "y"+c.behind, inbox.Preview("y"+c.behind))
		})
	}
	flags := strings.Repeat("🇩🇪", previewLength)
	require.Equal(t, flags[:len(flags)/2], inbox.Preview(flags), "whole flags fit")
	marks := strings.Repeat("\u0301", previewLength+7)
	require.Equal(t, previewLength, utf8.RuneCountInString(inbox.Preview(marks)))
}

// A preview is the beginning of its text, valid and no longer than it may be; all of a
// short one; and its own preview.
func TestPreviewOfAnyText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.Rune(), 0, 3*previewLength, -1).Draw(rt, "text")
		p := inbox.Preview(text)
		require.True(rt, strings.HasPrefix(text, p))
		require.LessOrEqual(rt, utf8.RuneCountInString(p), previewLength)
		require.Equal(rt, p, inbox.Preview(p))
		require.Equal(rt, utf8.RuneCountInString(text) <= previewLength, p == text)
	})
}
