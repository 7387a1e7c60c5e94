package budget

import (
	"math"
	"time"
)

// Balance is what a bucket holds at a moment.
type Balance struct {
	// Burst is what the bucket holds when it is full, and Left what it holds now, in whole
	// tokens. Without a bound both are math.MaxInt32.
	Burst, Left int
	// Full is how long it takes until the bucket is full, if nothing is taken.
	Full time.Duration
}

// Balance returns what the bucket of name holds. It takes nothing, and makes no bucket:
// a name that is not known has a full one, unless it would have to share.
func (r *Rates) Balance(name string, now time.Time) Balance {
	if r.perSecond <= 0 {
		return Balance{Burst: math.MaxInt32, Left: math.MaxInt32}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	b, known := r.buckets[name]
	if !known && len(r.buckets) >= r.most {
		b = r.rest
	}
	if b == nil {
		return Balance{Burst: r.burst, Left: r.burst}
	}
	seen := *b
	r.fill(&seen, now)
	missing := float64(r.burst) - seen.tokens
	return Balance{Burst: r.burst, Left: int(seen.tokens), Full: time.Duration(missing / r.perSecond * float64(time.Second))}
}
