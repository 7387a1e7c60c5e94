package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A small heap has garbage of four times itself, a large one as much as itself, and the
// garbage never shrinks as the heap grows.
func TestGarbageGrowsSlowerThanTheHeap(t *testing.T) {
	const mib = 1 << 20
	require.Equal(t, seldom, garbagePercent(0))
	require.Equal(t, seldom, garbagePercent(20*mib))
	require.Equal(t, often, garbagePercent(400*mib))
	before := uint64(0)
	for live := uint64(mib); live < 1000*mib; live += mib {
		garbage := live * uint64(garbagePercent(live)) / 100
		require.GreaterOrEqual(t, garbage+2*mib, before, "%d MiB alive", live/mib)
		require.LessOrEqual(t, garbage, max(live, garbageRoom))
		before = garbage
	}
}
