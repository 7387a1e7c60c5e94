package guard_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport/guard"
)

// occupy runs an operation of key for a time and returns how long it waited before.
func occupy(t *testing.T, enter guard.Enter, key string, share float64, lasting time.Duration) time.Duration {
	asked := time.Now()
	leave, ok := enter(t.Context(), key, share)
	require.True(t, ok)
	waited := time.Since(asked)
	time.Sleep(lasting)
	leave()
	return waited
}

func TestACallerRestsAfterWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		enter, known := guard.NewLanes()
		require.Zero(t, occupy(t, enter, "a", 0.1, 30*time.Millisecond))
		require.Zero(t, occupy(t, enter, "a", 0.1, 30*time.Millisecond), "a page asks for several things at once")
		require.Equal(t, 100*time.Millisecond, occupy(t, enter, "a", 0.1, time.Minute), "10 ms more than the credit")
		require.Zero(t, occupy(t, enter, "b", 0.1, 0), "nobody else waits")
		require.Equal(t, time.Second, occupy(t, enter, "a", 0.1, 0), "the longest rest")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		occupy(t, enter, "a", 0.1, 200*time.Millisecond)
		_, ok := enter(ctx, "a", 0.1)
		require.False(t, ok, "whoever gave up does not run")

		for range 10 {
			require.Zero(t, occupy(t, enter, "free", 0, time.Hour), "without a share nobody rests")
		}
		time.Sleep(time.Minute)
		require.Zero(t, known(), "who has rested is forgotten")
	})
}

// However many hands a caller has, and in whatever order they ask, its operations are
// under way for no more than its share of the time, its credit and one operation.
func TestManyHandsHaveOneShare(t *testing.T) {
	for seed := range uint64(50) {
		synctest.Test(t, func(t *testing.T) {
			enter, _ := guard.NewLanes()
			began, chance := time.Now(), rand.New(rand.NewPCG(seed, 1)) // a test
			var mu sync.Mutex
			var busy, longest time.Duration
			var all sync.WaitGroup
			for range 4 {
				pauses, works := make([]time.Duration, 25), make([]time.Duration, 25)
				for i := range works {
					pauses[i], works[i] = time.Duration(chance.Int64N(1e8)), time.Duration(chance.Int64N(8e7))
				}
				all.Go(func() {
					for i := range works {
						time.Sleep(pauses[i])
						occupy(t, enter, "a", 0.2, works[i])
						mu.Lock()
						busy, longest = busy+works[i], max(longest, works[i])
						mu.Unlock()
					}
				})
			}
			all.Wait()
			bound := 50*time.Millisecond + time.Duration(0.2*float64(time.Since(began))) + longest
			require.LessOrEqual(t, busy, bound+time.Microsecond)
		})
	}
}
