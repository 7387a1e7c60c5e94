package guard_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport/guard"
)

// Documents that are kept are bounded in bytes, and those of a class push out
// nothing of the others'.
func TestDocumentsThatAreKept(t *testing.T) {
	own, others := guard.Cached("visitor", 2000, 16<<10)
	require.LessOrEqual(t, own, 1<<20)
	require.Positive(t, own)
	require.Equal(t, len("kept"), others)
	own, _ = guard.Cached("visitor", 10, 17<<10)
	require.Zero(t, own, "too long to be kept")
}
