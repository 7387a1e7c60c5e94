package writequeue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/store/writequeue"
)

// desk runs a queue whose batches end when the test says so.
type desk struct {
	*writequeue.Queue[string]
	mu      sync.Mutex
	batches [][]string
	gate    chan struct{}
	fail    map[string]error
	working sync.WaitGroup
	errs    map[string]error
}

func newDesk(l writequeue.Limits) *desk {
	d := &desk{gate: make(chan struct{}), fail: map[string]error{}, errs: map[string]error{}}
	d.Queue = writequeue.New(l, func(ctx context.Context, batch []string) []error {
		d.mu.Lock()
		d.batches = append(d.batches, batch)
		d.mu.Unlock()
		select {
		case <-d.gate:
		case <-ctx.Done():
		}
		errs := make([]error, len(batch))
		for i, work := range batch {
			errs[i] = errors.Join(ctx.Err(), d.fail[work])
		}
		return errs
	})
	return d
}

// send runs a job in a goroutine, and returns once it has its place or its answer.
func (d *desk) send(ctx context.Context, work string, job writequeue.Job) {
	d.working.Go(func() {
		err := d.Do(ctx, job, work)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.errs[work] = err
	})
	synctest.Wait()
}

// next ends a batch.
func (d *desk) next() {
	d.gate <- struct{}{}
	synctest.Wait()
}

// rest ends all that is left.
func (d *desk) rest() {
	close(d.gate)
	d.working.Wait()
}

func limits() writequeue.Limits {
	return writequeue.Limits{PerDocument: 8, PerCaller: 4, PerBatch: 3}
}

func shared(caller, document string) writequeue.Job {
	return writequeue.Job{Caller: caller, Shared: []string{document}}
}

// What waits for one document runs together, up to a batch; others do not wait.
func TestJobsOfOneDocumentRunTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(limits())
		for n := range 5 {
			d.send(t.Context(), fmt.Sprint("a", n), shared(fmt.Sprint(n), "a"))
		}
		d.send(t.Context(), "b0", shared("x", "b"))
		require.Equal(t, [][]string{{"a0"}, {"b0"}}, d.batches)
		d.fail["a2"] = errors.New("no")
		d.next()
		d.next()
		require.Equal(t, []string{"a1", "a2", "a3"}, d.batches[2])
		d.rest()
		require.Equal(t, []string{"a4"}, d.batches[3])
		for work, err := range d.errs {
			require.Equal(t, work == "a2", err != nil, "each has the error of its own work: %s", work)
		}
	})
}

// A document of Own is written by one job of a batch, and a job that is Alone by itself.
func TestWhatDoesNotRunTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(limits())
		d.send(t.Context(), "first", shared("1", "m"))
		d.send(t.Context(), "c1", writequeue.Job{Caller: "2", Own: []string{"c"}, Shared: []string{"m"}})
		d.send(t.Context(), "c2", writequeue.Job{Caller: "3", Own: []string{"c"}, Shared: []string{"m"}})
		d.send(t.Context(), "alone", writequeue.Job{Caller: "4", Shared: []string{"m"}, Alone: true})
		d.send(t.Context(), "last", shared("5", "m"))
		d.rest()
		require.Equal(t, [][]string{{"first"}, {"c1"}, {"c2"}, {"alone"}, {"last"}}, d.batches)
	})
}

// Each caller has one turn in a round, however many jobs another has there.
func TestCallersTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(writequeue.Limits{PerDocument: 100, PerCaller: 50, PerBatch: 1})
		for n := range 20 {
			d.send(t.Context(), fmt.Sprint("busy", n), shared("busy", "m"))
		}
		for _, calm := range []string{"ann", "bob"} {
			for n := range 3 {
				d.send(t.Context(), fmt.Sprint(calm, n), shared(calm, "m"))
			}
		}
		d.rest()
		order := slices.Concat(d.batches...)
		for _, calm := range []string{"ann", "bob"} {
			for n := range 3 {
				at := slices.Index(order, fmt.Sprint(calm, n))
				require.LessOrEqual(t, at, 3*(n+1)+1, "%v", order)
			}
		}
		require.Len(t, order, 26)
	})
}

// Jobs of a sequence run as they came, whoever sent them.
func TestASequenceKeepsItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(writequeue.Limits{PerDocument: 100, PerCaller: 50, PerBatch: 4})
		var wanted []string
		for n := range 30 {
			work := fmt.Sprint(n)
			d.send(t.Context(), work, writequeue.Job{
				Caller: fmt.Sprint("caller", n%7/3), Shared: []string{fmt.Sprint("member", n%5), "rotation"}, Sequence: "rotation",
			})
			wanted = append(wanted, work)
		}
		d.rest()
		require.Equal(t, wanted, slices.Concat(d.batches...))
	})
}

// Beyond a bound a job is refused at once, with the time after which to try again; others
// wait on. A caller has no more than its share.
func TestTheQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(limits())
		d.send(t.Context(), "running", shared("0", "m"))
		for n := range 6 {
			d.send(t.Context(), fmt.Sprint("one", n), shared("one", "m"))
		}
		for n := range 6 {
			d.send(t.Context(), fmt.Sprint("more", n), shared(fmt.Sprint(n), "m"))
		}
		refused := map[string]int{}
		for work, err := range d.errs {
			var full *writequeue.Full
			require.ErrorAs(t, err, &full, work)
			require.GreaterOrEqual(t, full.RetryAfter, time.Second)
			refused[work[:3]]++
		}
		require.Equal(t, map[string]int{"one": 2, "mor": 2}, refused)
		waiting, ever := d.Waiting()
		require.Equal(t, []int{8, 4}, []int{waiting, int(ever)})
		d.send(t.Context(), "elsewhere", shared("one", "n"))
		require.NotContains(t, d.errs, "elsewhere")
		d.rest()
		require.Len(t, slices.Concat(d.batches...), 10)
		waiting, _ = d.Waiting()
		require.Zero(t, waiting)
	})
}

// A document whose jobs take long has fewer waiters.
func TestTheWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(writequeue.Limits{PerDocument: 100, PerCaller: 100, PerBatch: 1, Wait: 3 * time.Second})
		d.send(t.Context(), "slow", shared("a", "m"))
		d.send(t.Context(), "slow too", shared("a", "m"))
		time.Sleep(time.Second) // of the test's clock
		d.next()
		for n := range 9 {
			d.send(t.Context(), fmt.Sprint(n), shared("a", "m"))
		}
		var full *writequeue.Full
		require.ErrorAs(t, d.errs["8"], &full)
		require.Equal(t, 3, full.Waiting, "beside the one under way")
		require.Equal(t, 4*time.Second, full.RetryAfter)
		d.rest()
	})
}

func TestAJobThatYields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(limits())
		yielding := writequeue.Job{Caller: "a", Own: []string{"c"}, Shared: []string{"m"}, Yields: true}
		d.send(t.Context(), "other", shared("b", "m"))
		d.send(t.Context(), "waits for m", yielding)
		d.send(t.Context(), "second", yielding)
		require.Equal(t, map[string]error{"second": writequeue.ErrBusy}, d.errs)
		d.rest()
		require.NoError(t, d.errs["waits for m"])
	})
}

// Who gives up leaves the queue at once; a batch goes on as long as one caller waits for
// it, whoever leads it.
func TestCallersThatGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(limits())
		gone, leave := context.WithCancel(t.Context())
		d.send(t.Context(), "first", shared("0", "m"))
		d.send(gone, "leads", shared("1", "m"))
		d.send(t.Context(), "stays", shared("2", "m"))
		other, drop := context.WithCancel(t.Context())
		d.send(other, "drops", shared("3", "m"))
		drop()
		synctest.Wait()
		require.ErrorIs(t, d.errs["drops"], context.Canceled, "before its turn")
		d.next()
		leave()
		synctest.Wait()
		d.next()
		require.Equal(t, [][]string{{"first"}, {"leads", "stays"}}, d.batches)
		require.NoError(t, d.errs["stays"])
		require.ErrorIs(t, d.Do(gone, shared("1", "m"), "late"), context.Canceled)

		d.send(t.Context(), "next", shared("0", "m"))
		ends, end := context.WithCancel(t.Context())
		d.send(ends, "a", shared("1", "m"))
		d.send(ends, "b", shared("2", "m"))
		d.next()
		end()
		synctest.Wait()
		require.ErrorIs(t, d.errs["a"], context.Canceled, "nobody waits for the batch any more")
		require.ErrorIs(t, d.errs["b"], context.Canceled)
		d.rest()
	})
}

// A batch whose work panics leaves its documents to others.
func TestWorkThatPanics(t *testing.T) {
	q := writequeue.New(limits(), func(_ context.Context, batch []string) []error {
		if batch[0] == "bad" {
			panic("bad")
		}
		return make([]error, len(batch))
	})
	require.Panics(t, func() { _ = q.Do(t.Context(), shared("a", "m"), "bad") })
	require.NoError(t, q.Do(t.Context(), shared("a", "m"), "good"))
	require.NoError(t, q.Do(t.Context(), writequeue.Job{}, "of no document"))
}

// Whatever is sent, no two batches under way have a document in common, all of it ends,
// and nothing is left.
func TestNothingMeetsAndAllEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var mu sync.Mutex
		held := map[string]int{}
		ran := 0
		type work struct{ own, shared []string }
		q := writequeue.New(writequeue.Limits{PerDocument: 200, PerCaller: 200, PerBatch: 4}, func(_ context.Context, batch []work) []error {
			keys := map[string]int{}
			mu.Lock()
			for _, w := range batch {
				for _, key := range w.own {
					keys[key] += 100
				}
				for _, key := range w.shared {
					keys[key]++
				}
			}
			for key, n := range keys {
				if held[key]++; held[key] > 1 || n > 100 {
					t.Errorf("%s is written by two", key)
				}
			}
			mu.Unlock()
			time.Sleep(time.Microsecond)
			mu.Lock()
			defer mu.Unlock()
			ran += len(batch)
			for key := range keys {
				held[key]--
			}
			return make([]error, len(batch))
		})
		documents := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 3, rapid.ID)
		n := rapid.IntRange(1, 60).Draw(t, "jobs")
		var all sync.WaitGroup
		wanted := 0
		for i := range n {
			job := writequeue.Job{Caller: fmt.Sprint(i % 5), Shared: documents.Draw(t, "shared"), Alone: i%7 == 0}
			if i%3 == 0 {
				job.Own = []string{fmt.Sprint("own", i%4)}
			}
			ctx, cancel := context.WithCancel(context.Background())
			if i%6 == 5 {
				cancel()
			} else {
				wanted++
			}
			all.Go(func() {
				defer cancel()
				if err := q.Do(ctx, job, work{job.Own, job.Shared}); i%6 != 5 && err != nil {
					t.Errorf("job %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if ran != wanted || q.Len() != 0 {
			t.Fatalf("%d of %d ran, %d documents are kept", ran, wanted, q.Len())
		}
	})
}
