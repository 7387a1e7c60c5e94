package main

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"
)

func TestIDsAreUniqueAndSortByTime(t *testing.T) {
	const callers, each = 8, 1000
	made := newIDs()
	lists := make([][]string, callers)
	var all sync.WaitGroup
	for i := range lists {
		all.Go(func() {
			for range each {
				lists[i] = append(lists[i], made.next())
			}
		})
	}
	all.Wait()
	for _, list := range lists {
		require.True(t, slices.IsSorted(list), "a later id sorts before an earlier one")
	}
	merged := slices.Concat(lists...)
	slices.Sort(merged)
	require.Len(t, slices.Compact(merged), callers*each)
}

// A clock that was set back does not turn the order round.
func TestIDsWhenTheClockGoesBack(t *testing.T) {
	made := newIDs()
	made.latest = ulid.Timestamp(time.Now().Add(time.Hour))
	first, second := made.next(), made.next()
	require.Less(t, first, second)
	require.Equal(t, first[:10], second[:10])
}

// The demo plays the past, out of order.
func TestIDsOfAnotherTime(t *testing.T) {
	made, now := newIDs(), time.Now()
	late, early, lateAgain := made.at(now), made.at(now.Add(-time.Hour)), made.at(now)
	require.Less(t, early, late)
	require.NotEqual(t, late, lateAgain)
	require.Equal(t, late[:10], lateAgain[:10])
}
