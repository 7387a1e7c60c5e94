package guard

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Rate is what a caller may still ask on this server.
type Rate struct {
	// Limit is the cost that may be used at once after a pause, and Remaining what is left
	// of it now. Both are math.MaxInt32 where there is no bound.
	Limit, Remaining int
	// Reset is how long it takes until Remaining is Limit again, if nothing is asked.
	Reset time.Duration
}

func (r *rates) rate(c caller, now time.Time) Rate {
	balance := r.of(c).Balance(c.key, now)
	return Rate{Limit: balance.Burst, Remaining: balance.Left, Reset: balance.Full}
}

// Rate returns what the caller of ctx, a context of its Identity, may still ask.
func (g Guard) Rate(ctx context.Context) Rate { return g.rates.rate(callerOf(ctx), time.Now()) }

type rateKey struct{}

// RateOf returns what the caller may still ask, in the context of an operation that a
// Guard admitted; false in any other.
func RateOf(ctx context.Context) (Rate, bool) {
	g, ok := ctx.Value(rateKey{}).(Guard)
	if !ok {
		return Rate{}, false
	}
	return g.Rate(ctx), true
}

// Show sets the headers RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset, the last
// one in seconds. It sets none where there is no bound.
func (r Rate) Show(header http.Header) {
	if r.Limit == math.MaxInt32 {
		return
	}
	header.Set("RateLimit-Limit", strconv.Itoa(r.Limit))
	header.Set("RateLimit-Remaining", strconv.Itoa(r.Remaining))
	header.Set("RateLimit-Reset", strconv.Itoa(int(math.Ceil(r.Reset.Seconds()))))
}

// costExtension is under which name a request asks for its cost, and is told it.
const costExtension = "cost"

// note keeps the cost of an operation for tell.
func note(operation *graphql.OperationContext, cost int) {
	operation.Stats.SetExtension(costExtension, cost)
}

// tell adds the cost of a query or mutation to its response, if the request asked for it
// by extensions: {"cost": true}.
func (g Guard) tell(ctx context.Context, operation *graphql.OperationContext, resp *graphql.Response) {
	cost, known := operation.Stats.GetExtension(costExtension).(int)
	if resp == nil || !known || operation.Extensions[costExtension] != true {
		return
	}
	rate := g.Rate(ctx)
	if resp.Extensions == nil {
		resp.Extensions = map[string]any{}
	}
	resp.Extensions[costExtension] = map[string]any{
		"requested": cost, "limit": rate.Limit, "remaining": rate.Remaining,
		"resetAt": time.Now().Add(rate.Reset).UTC().Format("2006-01-02T15:04:05.000Z"),
	}
}
