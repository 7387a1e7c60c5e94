package workspace_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox/workspace"
)

// However conversations are handed over, each is fed by the key that began it and by at most
// one other, the last that it came to; no key is lost on the way, none gets its own, and what
// no key began is fed by one key at most. B:V12
func TestConversationsComeToTheKeyThatWasGivenThem(t *testing.T) {
	keys := []workspace.KeyID{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		h, at := workspace.Handovers(nil), map[workspace.KeyID]workspace.KeyID{"": ""}
		for _, k := range keys {
			at[k] = k
		}
		for range rapid.IntRange(0, 8).Draw(t, "handovers") {
			from := rapid.SampledFrom(append(keys, "")).Draw(t, "from")
			to := rapid.SampledFrom(keys).Draw(t, "to")
			if from == to {
				continue
			}
			before := maps.Clone(h)
			next := h.With(from, to)
			require.Equal(t, before, maps.Clone(h), "it is not changed in place")
			h = next
			for began, feeds := range at {
				if feeds == from && from != "" || began == from {
					at[began] = to
				}
			}
		}
		for began, feeds := range at {
			for _, k := range keys {
				want := k == feeds || k == began
				require.Equal(t, want, h.Feeds(k, began), "%s of %s", k, began)
				if want {
					require.Contains(t, h.FedBy(k), began)
				} else {
					require.NotContains(t, h.FedBy(k), began)
				}
			}
			require.False(t, h.Feeds("", began))
		}
	})
}
