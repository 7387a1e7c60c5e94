package transport

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/time/rate"
)

// Quota bounds what callers together and each may make the server do. A zero
// field is no bound, except where it says otherwise.
type Quota struct {
	// CostPerSecond is how much cost a principal may use on and on, and CostBurst
	// how much it may save up; by default ten seconds' worth, and never less than
	// the dearest operation that is allowed.
	CostPerSecond int
	CostBurst     int
	// Operations, OperationsByAddress and OperationsByPrincipal are how many
	// queries and mutations may run at once. Subscriptions are bounded by sockets.
	Operations            int
	OperationsByAddress   int
	OperationsByPrincipal int
	// Timeout ends a query or mutation that runs longer.
	Timeout time.Duration
}

// maxBuckets bounds the memory for rates: the callers seen last keep theirs.
const maxBuckets = 20_000

// rates holds a bucket of cost for each caller.
type rates struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex
	buckets *simplelru.LRU[string, *rate.Limiter]
}

func newRates(q Quota, dearest int) *rates {
	burst := q.CostBurst
	if burst <= 0 {
		burst = 10 * q.CostPerSecond
	}
	// The only error is of a size that is not positive.
	buckets, _ := simplelru.NewLRU[string, *rate.Limiter](maxBuckets, nil)
	return &rates{limit: rate.Limit(q.CostPerSecond), burst: max(burst, dearest), buckets: buckets}
}

// take charges the caller, or says when to come back.
func (r *rates) take(key string, cost int, now time.Time) *gqlerror.Error {
	if r.limit <= 0 {
		return nil
	}
	reserved := r.bucket(key).ReserveN(now, min(cost, r.burst))
	wait := reserved.DelayFrom(now)
	if wait <= 0 {
		return nil
	}
	reserved.CancelAt(now)
	return rateLimited("too much asked in a short time", wait)
}

func (r *rates) bucket(key string) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok := r.buckets.Get(key)
	if !ok {
		found = rate.NewLimiter(r.limit, r.burst)
		r.buckets.Add(key, found)
	}
	return found
}

// rateLimited tells the whole seconds to wait, at least one.
func rateLimited(what string, wait time.Duration) *gqlerror.Error {
	seconds := int(max(1, math.Ceil(wait.Seconds())))
	err := coded(CodeRateLimited, fmt.Sprintf("%s: try again in %d s", what, seconds))
	err.Extensions["retryAfter"] = seconds
	return err
}

// running counts the operations under way. What nobody runs takes no memory.
type running struct {
	quota Quota

	mu          sync.Mutex
	all         int
	byAddress   map[string]int
	byPrincipal map[string]int
}

func newRunning(q Quota) *running {
	return &running{quota: q, byAddress: map[string]int{}, byPrincipal: map[string]int{}}
}

// enter admits an operation, which must leave, or refuses it at once: a queue
// would only make everybody wait.
func (r *running) enter(c caller) *gqlerror.Error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case full(r.all, r.quota.Operations):
		busy := coded(CodeUnavailable, "the server is busy: try again in a second")
		busy.Extensions["retryAfter"] = 1
		return busy
	case c.address != "" && full(r.byAddress[c.address], r.quota.OperationsByAddress):
		return rateLimited("too many operations at once from this address", time.Second)
	case c.key != "" && full(r.byPrincipal[c.key], r.quota.OperationsByPrincipal):
		return rateLimited("too many operations at once", time.Second)
	}
	r.all++
	r.byAddress[c.address]++
	r.byPrincipal[c.key]++
	return nil
}

func full(n, most int) bool { return most > 0 && n >= most }

func (r *running) leave(c caller) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all--
	lower(r.byAddress, c.address)
	lower(r.byPrincipal, c.key)
}

func lower(counts map[string]int, name string) {
	if counts[name]--; counts[name] <= 0 {
		delete(counts, name)
	}
}

func (r *running) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

// run admits a query or mutation and bounds its time. It leaves when its one
// response is there.
func (r *running) run(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	who := callerOf(ctx)
	if err := r.enter(who); err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{err}})
	}
	end := func() { r.leave(who) }
	if r.quota.Timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, r.quota.Timeout)
		ctx, end = limited, func() { cancel(); r.leave(who) }
	}
	end = sync.OnceFunc(end)
	began := false
	defer func() {
		if !began { // it panicked
			end()
		}
	}()
	responses := next(ctx)
	began = true
	return func(ctx context.Context) *graphql.Response {
		defer end()
		resp := responses(ctx)
		if resp == nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			resp = &graphql.Response{Errors: gqlerror.List{coded(CodeUnavailable,
				fmt.Sprintf("the operation took longer than %s and was ended: try again with the same idempotency key", r.quota.Timeout))}}
		}
		return resp
	}
}
