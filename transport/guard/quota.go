package guard

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/budget"
	"switchboard/transport/codes"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
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

// rates charges callers for what they ask, each class by its own bound.
type rates struct {
	all     *budget.Rates
	byClass map[string]*budget.Rates
}

func newRates(q Quota, classes map[string]Class, dearest int) *rates {
	out := &rates{all: costRates(q.CostPerSecond, q.CostBurst, dearest), byClass: map[string]*budget.Rates{}}
	for name, c := range classes {
		if c.CostPerSecond > 0 {
			out.byClass[name] = costRates(c.CostPerSecond, c.CostBurst, firstPositive(c.Cost, dearest))
		}
	}
	return out
}

// costRates lets save up ten seconds' worth unless burst says otherwise, and
// always the dearest operation.
func costRates(perSecond, burst, dearest int) *budget.Rates {
	if burst <= 0 {
		burst = 10 * perSecond
	}
	return budget.NewRates(float64(perSecond), max(burst, dearest))
}

// of is what the caller is charged by.
func (r *rates) of(c caller) *budget.Rates {
	if own, has := r.byClass[c.class]; has {
		return own
	}
	return r.all
}

// take charges the caller, or says when to come back.
func (r *rates) take(c caller, cost int, now time.Time) *gqlerror.Error {
	if wait := r.of(c).Take(c.key, cost, now); wait > 0 {
		return rateLimited("too much asked in a short time", wait)
	}
	return nil
}

// rateLimited tells the whole seconds to wait, at least one.
func rateLimited(what string, wait time.Duration) *gqlerror.Error {
	seconds := wholeSeconds(wait)
	err := codes.New(codes.RateLimited, fmt.Sprintf("%s: try again in %d s", what, seconds))
	err.Extensions["retryAfter"] = seconds
	return err
}

// Running counts the operations under way. What nobody runs takes no memory.
type Running struct {
	quota   Quota
	classes map[string]Class
	lanes   *fairQueues
	all     atomic.Int64 // written under mu

	mu          sync.Mutex
	byAddress   map[string]int
	byPrincipal map[string]int
	byKin       map[string]int
}

// NewRunning returns a count of nothing, with the bounds of q and of the classes.
func NewRunning(q Quota, classes map[string]Class) *Running {
	return &Running{quota: q, classes: classes, lanes: newFairQueues(), byAddress: map[string]int{}, byPrincipal: map[string]int{}, byKin: map[string]int{}}
}

// enter admits an operation, which must leave, or refuses it at once: a queue
// would only make everybody wait.
func (r *Running) enter(c caller) *gqlerror.Error {
	class, kin := r.classes[c.class], c.kin()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case full(int(r.all.Load()), r.quota.Operations):
		busy := codes.New(codes.Unavailable, "the server is busy: try again in a second")
		busy.Extensions["retryAfter"] = 1
		return busy
	case c.address != "" && full(r.byAddress[c.address], r.quota.OperationsByAddress):
		return rateLimited("too many operations at once from this address", time.Second)
	case c.key != "" && full(r.byPrincipal[c.key], firstPositive(class.Operations, r.quota.OperationsByPrincipal, unbounded)):
		return rateLimited("too many operations at once", time.Second)
	case kin != "" && full(r.byKin[kin], class.OperationsTogether):
		return rateLimited("too many operations at once of all callers of this kind", time.Second)
	}
	r.all.Add(1)
	r.byAddress[c.address]++
	r.byPrincipal[c.key]++
	r.byKin[kin]++
	return nil
}

// unbounded stands for no bound among sizes.
const unbounded = math.MaxInt

func full(n, most int) bool { return most > 0 && n >= most }

func (r *Running) leave(c caller) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.Add(-1)
	lower(r.byAddress, c.address)
	lower(r.byPrincipal, c.key)
	lower(r.byKin, c.kin())
}

func lower(counts map[string]int, name string) {
	if counts[name]--; counts[name] <= 0 {
		delete(counts, name)
	}
}

// Count does not wait for anybody.
func (r *Running) Count() int { return int(r.all.Load()) }

// Admit counts a request of the caller of ctx until it leaves, or refuses it.
func (r *Running) Admit(ctx context.Context) (leave func(), refused *gqlerror.Error) {
	who := callerOf(ctx)
	if refused := r.enter(who); refused != nil {
		return nil, refused
	}
	return func() { r.leave(who) }, nil
}

// inTurn executes an operation, after those before it where its caller's go one by
// one. Without a response its context has ended.
func (r *Running) inTurn(ctx context.Context, who caller, responses graphql.ResponseHandler) *graphql.Response {
	if class := r.classes[who.class]; class.InTurn {
		leave, ok := r.lanes.enter(ctx, who.key, class.Share)
		if !ok {
			return nil
		}
		defer leave()
	}
	return responses(ctx)
}

// run admits a query or mutation and bounds its time. It leaves when its one
// response is there.
func (r *Running) run(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
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
		resp := r.inTurn(ctx, who, responses)
		if resp == nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			resp = &graphql.Response{Errors: gqlerror.List{codes.New(codes.Unavailable,
				fmt.Sprintf("the operation took longer than %s and was ended: try again with the same idempotency key", r.quota.Timeout))}}
		}
		return resp
	}
}
