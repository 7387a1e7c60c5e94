package main

import (
	"context"
	"math"
	"time"

	"switchboard/transport/guard"
)

// rateOf lets resolvers say what the caller may still ask.
func rateOf(ctx context.Context) (limit, remaining int, reset time.Duration) {
	rate, counted := guard.RateOf(ctx)
	if !counted {
		return math.MaxInt32, math.MaxInt32, 0
	}
	return rate.Limit, rate.Remaining, rate.Reset
}
