package writequeue_test

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/store/writequeue"
)

// timed runs jobs in batches that take a while each, and keeps their sizes.
type timed struct {
	queue *writequeue.Queue[string]
	sizes []int
}

func newTimed(each time.Duration) *timed {
	d := &timed{}
	d.queue = writequeue.New(writequeue.Limits{PerDocument: 100, PerCaller: 100, PerBatch: 32}, func(_ context.Context, batch []string) []error {
		d.sizes = append(d.sizes, len(batch)) // one batch at a time here
		time.Sleep(each)
		return make([]error, len(batch))
	})
	return d
}

// both writes a conversation, which nobody else writes, and the counter of a member.
func both() writequeue.Job {
	return writequeue.Job{Own: []string{"c" + rand.Text()}, Shared: []string{"m"}, Caller: "caller"}
}

// Callers who come back as soon as they are served run together, again and again.
func TestCallersWhoComeBackRunTogether(t *testing.T) {
	for _, callers := range []int{5, 8, 16} {
		synctest.Test(t, func(t *testing.T) {
			d := newTimed(20 * time.Millisecond)
			var working sync.WaitGroup
			for n := range callers {
				working.Go(func() {
					for range 20 {
						require.NoError(t, d.queue.Do(t.Context(), both(), "work"))
						time.Sleep(time.Duration(n%4+1) * time.Millisecond) // and reads what it does next
					}
				})
			}
			working.Wait()
			require.Zero(t, d.queue.Len())
			for _, size := range d.sizes[1:10] { // the first came alone, and in the end not all come back
				require.GreaterOrEqual(t, size, callers-1, "%v", d.sizes)
			}
		})
	}
}

// Whoever is alone behind a large batch waits for half of its time at most, and once.
func TestNobodyWaitsLongForCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newTimed(20 * time.Millisecond)
		var working sync.WaitGroup
		for range 9 {
			working.Go(func() { require.NoError(t, d.queue.Do(t.Context(), both(), "work")) })
		}
		time.Sleep(25 * time.Millisecond) // eight are under way, behind the first
		alone := func() time.Duration {
			began := time.Now()
			require.NoError(t, d.queue.Do(t.Context(), shared("late", "m"), "work"))
			return time.Since(began)
		}
		require.Equal(t, (15+10+20)*time.Millisecond, alone(), "the rest of theirs, half of one, and its own")
		require.Equal(t, 20*time.Millisecond, alone())
		working.Wait()
		require.Equal(t, []int{1, 8, 1, 1}, d.sizes)
	})
}

// A leader who gives up while the batch gathers leaves the others to their work.
func TestALeaderWhoGivesUpWhileOthersGather(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newTimed(20 * time.Millisecond)
		var working sync.WaitGroup
		for range 9 {
			working.Go(func() { require.NoError(t, d.queue.Do(t.Context(), both(), "work")) })
		}
		time.Sleep(25 * time.Millisecond)
		leader, leave := context.WithTimeout(t.Context(), 20*time.Millisecond) // 15 until it leads, 10 to gather
		defer leave()
		working.Go(func() { _ = d.queue.Do(leader, shared("late", "m"), "work") })
		time.Sleep(17 * time.Millisecond)
		require.NoError(t, d.queue.Do(t.Context(), shared("later", "m"), "work"))
		working.Wait()
		require.Equal(t, []int{1, 8, 2}, d.sizes)
		require.Zero(t, d.queue.Len())
	})
}
