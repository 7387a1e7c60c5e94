package admission_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/admission"
)

// room lets callers through a gate, and holds each until the test lets it leave.
type room struct {
	*admission.Gate
	mu     sync.Mutex
	inside []string
	errs   map[string]error
	out    map[string]chan struct{}
}

func newRoom(l admission.Limits) *room {
	return &room{Gate: admission.New(l), errs: map[string]error{}, out: map[string]chan struct{}{}}
}

// come sends one in, and returns once it is inside, waits or is refused.
func (r *room) come(ctx context.Context, name, document, caller string) {
	out := make(chan struct{})
	r.out[name] = out
	go func() {
		leave, err := r.Enter(ctx, document, caller)
		r.mu.Lock()
		if r.errs[name] = err; err == nil {
			r.inside = append(r.inside, name)
		}
		r.mu.Unlock()
		if err == nil {
			<-out
			leave()
		}
	}()
	synctest.Wait()
}

// goes lets one leave.
func (r *room) goes(name string) {
	close(r.out[name])
	synctest.Wait()
}

// empty lets all leave, in the order in which they came in.
func (r *room) empty() []string {
	for i := 0; i < len(r.inside); i++ {
		select {
		case <-r.out[r.inside[i]]:
		default:
			r.goes(r.inside[i])
		}
	}
	return r.inside
}

func TestTheGateIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(admission.Limits{AtWork: 2, Waiting: 4, PerCaller: 3})
		for n := range 6 {
			r.come(t.Context(), fmt.Sprint("a", n), "m", "a")
		}
		require.Equal(t, []string{"a0", "a1"}, r.inside)
		var full *admission.Full
		require.ErrorAs(t, r.errs["a5"], &full, "the caller has three that wait")
		r.come(t.Context(), "b0", "m", "b")
		r.come(t.Context(), "c0", "m", "c")
		require.ErrorAs(t, r.errs["c0"], &full, "four wait")
		require.Equal(t, admission.Full{Waiting: 4, RetryAfter: time.Second}, *full)
		require.ErrorContains(t, r.errs["c0"], "4 wait")
		r.come(t.Context(), "c1", "another", "c")
		require.Contains(t, r.inside, "c1")
		waiting, refused := r.Waiting()
		require.Equal(t, 4, waiting)
		require.EqualValues(t, 2, refused)
		require.Len(t, r.empty(), 7)
		waiting, _ = r.Waiting()
		require.Zero(t, waiting)
	})
}

// A caller who sent many does not delay another who sends one.
func TestWhoWaitsTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(admission.Limits{AtWork: 1, Waiting: 10, PerCaller: 10})
		for _, name := range []string{"a0", "a1", "a2", "a3", "b0", "b1", "c0"} {
			r.come(t.Context(), name, "m", name[:1])
		}
		require.Equal(t, []string{"a0", "a1", "b0", "c0", "a2", "b1", "a3"}, r.empty())
	})
}

// What takes long has fewer who wait, and says how long they take.
func TestTheWaitAtTheGateIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(admission.Limits{AtWork: 1, Waiting: 1000, PerCaller: 1000, Wait: 3 * time.Second})
		for n := range 100 {
			r.come(t.Context(), fmt.Sprint("slow", n), "m", "a")
		}
		for n := range 98 {
			time.Sleep(time.Second) // of the test's clock
			r.goes(fmt.Sprint("slow", n))
		}
		for n := range 9 {
			r.come(t.Context(), fmt.Sprint("more", n), "m", "a")
		}
		var full *admission.Full
		require.ErrorAs(t, r.errs["more8"], &full)
		require.InDelta(t, 3, full.Waiting, 1)
		require.Greater(t, full.RetryAfter, 3*time.Second)
		r.empty()
	})
}

// Who gives up leaves its place, before or while it is admitted.
func TestWhoGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(admission.Limits{AtWork: 1, Waiting: 10, PerCaller: 10})
		ctx, cancel := context.WithCancel(t.Context())
		r.come(t.Context(), "a0", "m", "a")
		r.come(ctx, "b0", "m", "b")
		r.come(t.Context(), "c0", "m", "c")
		cancel()
		synctest.Wait()
		require.ErrorIs(t, r.errs["b0"], context.Canceled)
		require.Equal(t, []string{"a0", "c0"}, r.empty())
	})
}

// Many callers who come, work and give up at random: never more than the bound are at
// work, and in the end nobody is left.
func TestNeverMoreThanTheBoundAreAtWork(t *testing.T) {
	const bound = 3
	g := admission.New(admission.Limits{AtWork: bound, Waiting: 40, PerCaller: 9})
	var atWork [4]atomic.Int64
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			for range 300 {
				ctx, cancel := context.WithCancel(t.Context())
				if rand.N(4) == 0 {
					go cancel()
				}
				document := rand.N(len(atWork))
				leave, err := g.Enter(ctx, fmt.Sprint(document), fmt.Sprint(n%5))
				if err == nil {
					if atWork[document].Add(1) > bound {
						t.Error("too many are at work")
					}
					atWork[document].Add(-1)
					leave()
				}
				cancel()
			}
		})
	}
	all.Wait()
	waiting, _ := g.Waiting()
	require.Zero(t, waiting)
	for document := range atWork {
		for range bound { // no place was lost
			_, err := g.Enter(t.Context(), fmt.Sprint(document), "last")
			require.NoError(t, err)
		}
	}
}
