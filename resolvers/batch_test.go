package resolvers_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"switchboard/resolvers"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reads records what a loader asked for; odd keys are misses.
type reads struct {
	mu  sync.Mutex
	all [][]int
	err error
}

func (r *reads) find(ctx context.Context, keys []int) (map[int]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, slices.Sorted(slices.Values(keys)))
	out := map[int]string{}
	for _, key := range keys {
		if key%2 == 0 {
			out[key] = string(rune('a' + key))
		}
	}
	return out, errors.Join(r.err, ctx.Err())
}

func TestABatchIsReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r reads
		one, all, forget := resolvers.NewBatchLoader(r.find)
		var fields sync.WaitGroup
		for range 3 {
			for key := range 4 {
				fields.Go(func() {
					value, err := one(t.Context(), key)
					assert.NoError(t, err)
					assert.Equal(t, map[int]string{0: "a", 2: "c"}[key], value)
				})
			}
		}
		fields.Wait()
		require.Equal(t, [][]int{{0, 1, 2, 3}}, r.all)

		values, err := all(t.Context(), []int{4, 2, 4, 3})
		require.NoError(t, err)
		require.Equal(t, []string{"e", "c", "e", ""}, values, "in the order of the keys")
		require.Equal(t, []int{4}, r.all[1], "the others are known")

		forget(2)
		_, err = one(t.Context(), 2)
		require.NoError(t, err)
		require.Equal(t, []int{2}, r.all[2])
	})
}

func TestABatchThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := reads{err: errors.New("no database")}
		one, all, _ := resolvers.NewBatchLoader(r.find)
		_, err := one(t.Context(), 2)
		require.ErrorIs(t, err, r.err)
		_, err = all(t.Context(), []int{2})
		require.ErrorIs(t, err, r.err)
		require.Len(t, r.all, 1, "an error is not asked for twice in one response")

		_, err = all(t.Context(), nil)
		require.NoError(t, err)

		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = one(ended, 6)
		require.ErrorIs(t, err, context.Canceled)
	})
}

// Whoever joined a batch is answered even if its leader panics.
func TestABatchWhoseLeaderPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, _, _ := resolvers.NewBatchLoader(func(context.Context, []int) (map[int]string, error) { panic("a fault") })
		require.Panics(t, func() { _, _ = one(t.Context(), 1) })
		_, err := one(t.Context(), 1)
		require.ErrorContains(t, err, "was not read")
	})
}
