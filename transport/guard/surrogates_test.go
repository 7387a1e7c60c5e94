package guard_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/transport/guard"
)

// A text is refused exactly if decoding it invents a character.
func TestWholeEscapes(t *testing.T) {
	piece := rapid.SampledFrom([]string{`\ud83d`, `\ude00`, `\u0041`, `\\`, `\"`, `u`, `d83d`, `é`, ` `})
	rapid.Check(t, func(t *rapid.T) {
		raw := `"`
		for _, p := range rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces") {
			raw += p
		}
		raw += `"`
		var decoded string
		require.NoError(t, json.Unmarshal([]byte(raw), &decoded))
		invented := false
		for _, r := range decoded {
			invented = invented || r == utf8.RuneError
		}
		require.Equal(t, invented, guard.WholeEscapes([]byte(raw)) != nil, raw)
	})
}
