package budget

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// mostNames bounds the buckets of one Rates; each takes about 200 bytes.
	mostNames = 100_000
	// sweepEvery is how often full buckets are looked for at most: it takes a
	// few milliseconds.
	sweepEvery = time.Second
)

// Rates holds a token bucket for each name, such as a caller. It is safe for
// concurrent use.
//
// A bucket that is full again is as good as a new one and may be forgotten. No
// other is ever forgotten: a flood of new names cannot give anybody a new
// bucket. While there are mostNames that are not full, names that come anew
// share one bucket.
type Rates struct {
	limit rate.Limit
	burst int
	most  int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	rest    *rate.Limiter
	swept   time.Time
}

// NewRates makes buckets that fill with perSecond tokens a second and hold
// burst. perSecond of 0 or less is no bound.
func NewRates(perSecond float64, burst int) *Rates {
	return &Rates{limit: rate.Limit(perSecond), burst: max(1, burst), most: mostNames, buckets: map[string]*rate.Limiter{}}
}

// Take takes n tokens from the bucket of name, or none. It returns 0 when they
// were taken, and else how long it will take until they are there. More than the
// bucket holds counts as all it holds.
func (r *Rates) Take(name string, n int, now time.Time) (wait time.Duration) {
	wait, _ = TakeAll(now, Draw{r, name, n})
	return wait
}

// Draw is a number of tokens from one bucket.
type Draw struct {
	From *Rates
	Name string
	N    int
}

// TakeAll takes from several buckets, or from none of them. It returns 0 when all
// was there, and else how long the first bucket needs that has too little, and the
// index of its draw. Those behind it are not looked at: name a caller's own bucket
// before one that it shares, and whoever is refused takes nothing from others. A
// Draw from nil, or from no bound, takes nothing.
func TakeAll(now time.Time, draws ...Draw) (wait time.Duration, short int) {
	taken := make([]*rate.Reservation, 0, len(draws))
	for i, d := range draws {
		if d.From == nil || d.From.limit <= 0 || d.N <= 0 {
			continue
		}
		reserved := d.From.bucket(d.Name, now).ReserveN(now, min(d.N, d.From.burst))
		taken = append(taken, reserved)
		if wait = reserved.DelayFrom(now); wait <= 0 {
			continue
		}
		for _, one := range taken {
			one.CancelAt(now)
		}
		return wait, i
	}
	return 0, 0
}

func (r *Rates) bucket(name string, now time.Time) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	if found, ok := r.buckets[name]; ok {
		return found
	}
	if len(r.buckets) >= r.most && now.Sub(r.swept) >= sweepEvery {
		r.sweep(now)
	}
	if len(r.buckets) >= r.most {
		if r.rest == nil {
			r.rest = rate.NewLimiter(r.limit, r.burst)
		}
		return r.rest
	}
	made := rate.NewLimiter(r.limit, r.burst)
	r.buckets[name] = made
	return made
}

// sweep forgets what is full. It needs mu.
func (r *Rates) sweep(now time.Time) {
	r.swept = now
	for name, bucket := range r.buckets {
		if bucket.TokensAt(now) >= float64(r.burst) {
			delete(r.buckets, name)
		}
	}
}

// Names is how many buckets there are.
func (r *Rates) Names() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.buckets)
}
