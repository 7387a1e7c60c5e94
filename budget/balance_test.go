package budget_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/budget"
)

func TestABalanceTakesNothing(t *testing.T) {
	r := budget.NewRates(2, 4)
	require.Equal(t, budget.Balance{Burst: 4, Left: 4}, r.Balance("a", noon))
	require.Zero(t, r.Names(), "nor does it make a bucket")
	require.Zero(t, r.Take("a", 3, noon))
	for range 2 {
		require.Equal(t, budget.Balance{Burst: 4, Left: 1, Full: 1500 * time.Millisecond}, r.Balance("a", noon))
	}
	require.Equal(t, budget.Balance{Burst: 4, Left: 1, Full: 1250 * time.Millisecond}, r.Balance("a", noon.Add(250*time.Millisecond)))
	require.Equal(t, 4, r.Balance("a", noon.Add(time.Hour)).Left)
	require.Equal(t, budget.Balance{Burst: math.MaxInt32, Left: math.MaxInt32}, budget.NewRates(0, 1).Balance("a", noon))
}

// What is left may be taken, and one more may not.
func TestABalanceIsWhatMayBeTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, now := budget.NewRates(rapid.Float64Range(0.1, 100).Draw(t, "rate"), rapid.IntRange(1, 1000).Draw(t, "burst")), noon
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(10*time.Second)).Draw(t, "passed")))
			r.Take("a", rapid.IntRange(1, 100).Draw(t, "n"), now)
			balance := r.Balance("a", now)
			if balance.Left < balance.Burst && balance.Left+1 < balance.Burst {
				require.Positive(t, r.Take("a", balance.Left+1, now))
			}
			if balance.Left > 0 {
				require.Zero(t, r.Take("a", balance.Left, now))
			}
			require.Equal(t, r.Balance("a", now.Add(r.Balance("a", now).Full+time.Millisecond)).Left, balance.Burst)
		}
	})
}
