package follow

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// LoadTwice loads the conversation of an event for a stream whose item is tried again.
func LoadTwice(t *testing.T, of *Streams, e inbox.Event) {
	t.Helper()
	s := &Stream[OwnershipChange]{Streams: of, moment: &moment[OwnershipChange]{}}
	for range 2 {
		require.NoError(t, s.loadCurrent(t.Context(), e))
	}
}
