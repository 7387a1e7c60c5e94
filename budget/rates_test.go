package budget_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/budget"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func TestABucketFillsAgain(t *testing.T) {
	r := budget.NewRates(2, 4)
	for range 4 {
		require.Zero(t, r.Take("a", 1, noon))
	}
	require.Equal(t, 500*time.Millisecond, r.Take("a", 1, noon))
	require.Equal(t, 500*time.Millisecond, r.Take("a", 1, noon), "what was refused was not taken")
	require.Zero(t, r.Take("b", 4, noon), "another has its own")
	require.Zero(t, r.Take("a", 1, noon.Add(500*time.Millisecond)))
	require.Zero(t, r.Take("a", 1000, noon.Add(time.Hour)), "more than it holds is all it holds")
	require.Positive(t, r.Take("a", 1, noon.Add(time.Hour)))
}

func TestNoBound(t *testing.T) {
	require.Zero(t, budget.NewRates(0, 1).Take("a", 1000, noon))
	wait, _ := budget.TakeAll(noon, budget.Draw{Name: "a", N: 7})
	require.Zero(t, wait)
}

func TestAllOrNothing(t *testing.T) {
	own, shared := budget.NewRates(1, 10), budget.NewRates(1, 2)
	both := func() time.Duration {
		wait, short := budget.TakeAll(noon, budget.Draw{From: own, Name: "a", N: 1}, budget.Draw{From: shared, Name: "all", N: 1})
		require.True(t, wait == 0 || short == 1)
		return wait
	}
	require.Zero(t, both())
	require.Zero(t, both())
	for range 50 {
		require.Equal(t, time.Second, both())
	}
	require.Zero(t, own.Take("a", 8, noon), "the refused took nothing of its own")
}

// A flood of new names takes no bucket from anybody, and gets nobody a new one.
func TestAFloodOfNames(t *testing.T) {
	r := budget.NewRates(1, 2)
	r.Limit(100)
	require.Zero(t, r.Take("spent", 2, noon))
	refused := 0
	for i := range 10_000 {
		if r.Take(fmt.Sprint(i), 2, noon) > 0 {
			refused++
		}
		require.LessOrEqual(t, r.Names(), 100)
	}
	require.Equal(t, 10_000-99-1, refused, "99 have their own, and the rest one together")
	require.Positive(t, r.Take("spent", 1, noon), "who has spent is remembered")
	later := noon.Add(2 * time.Second)
	require.Zero(t, r.Take("somebody", 1, later), "what is full again is forgotten")
	require.LessOrEqual(t, r.Names(), 1)
}

// However many are refused at the same moment, nobody's bucket owes for them: a flood
// makes the wait of those who share it no longer.
func TestRefusedTakeNothingTogether(t *testing.T) {
	own, shared := budget.NewRates(1000, 1_000_000), budget.NewRates(1, 100)
	now := time.Unix(1_800_000_000, 0)
	both := func() (time.Duration, int) {
		return budget.TakeAll(now, budget.Draw{From: own, Name: "own", N: 1}, budget.Draw{From: shared, Name: "all", N: 1})
	}
	var taken atomic.Int64
	var many sync.WaitGroup
	for range 50 {
		many.Go(func() {
			for range 100 {
				if wait, _ := both(); wait == 0 {
					taken.Add(1)
				}
			}
		})
	}
	many.Wait()
	require.EqualValues(t, 100, taken.Load(), "what there was, and no more")
	wait, short := both()
	require.Equal(t, time.Second, wait, "until the next token")
	require.Equal(t, 1, short)
	require.Zero(t, own.Take("own", 1_000_000-100, now), "what is the caller's own was given back")
	require.Positive(t, own.Take("own", 1, now))
}
