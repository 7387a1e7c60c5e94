package budget

import (
	"sync"
	"time"
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
	perSecond float64
	burst     int
	most      int

	mu      sync.Mutex
	buckets map[string]*bucket
	rest    *bucket
	swept   time.Time
}

// NewRates makes buckets that fill with perSecond tokens a second and hold
// burst. perSecond of 0 or less is no bound.
func NewRates(perSecond float64, burst int) *Rates {
	return &Rates{perSecond: perSecond, burst: max(1, burst), most: mostNames, buckets: map[string]*bucket{}}
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

// TakeAll takes from several buckets, or from none of them. It returns 0 if all had
// enough, and else how long the first bucket without enough needs, and the index of
// its draw. It does not check the buckets behind that one: name a caller's own
// bucket before one that it shares, so that a refused caller takes nothing from
// others.
//
// That holds for any number of calls at once: no bucket is ever overdrawn. A Draw
// from nil, or from a bucket without a bound, takes nothing.
func TakeAll(now time.Time, draws ...Draw) (wait time.Duration, short int) {
	taken := make([]*bucket, len(draws))
	for i, d := range draws {
		if taken[i], wait = d.take(now); wait <= 0 {
			continue
		}
		for j, b := range taken[:i] {
			draws[j].giveBack(b)
		}
		return wait, i
	}
	return 0, 0
}

// take takes the tokens at once and returns their bucket, or how long they need. It
// returns neither where there is no bound.
func (d Draw) take(now time.Time) (*bucket, time.Duration) {
	r := d.From
	if r == nil || r.perSecond <= 0 || d.N <= 0 {
		return nil, 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	b, n := r.bucket(d.Name, now), float64(min(d.N, r.burst))
	r.fill(b, now)
	if missing := n - b.tokens; missing > 0 {
		return nil, max(1, time.Duration(missing/r.perSecond*float64(time.Second)))
	}
	b.tokens -= n
	return b, 0
}

func (d Draw) giveBack(b *bucket) {
	if b == nil {
		return
	}
	r := d.From
	r.mu.Lock()
	defer r.mu.Unlock()
	b.tokens = min(float64(r.burst), b.tokens+float64(min(d.N, r.burst)))
}

// bucket holds 0 to burst tokens, as of a time.
type bucket struct {
	tokens float64
	at     time.Time
}

// fill adds the tokens since the last time. An earlier time adds nothing. It needs
// mu.
func (r *Rates) fill(b *bucket, now time.Time) {
	if passed := now.Sub(b.at); passed > 0 {
		b.tokens, b.at = min(float64(r.burst), b.tokens+passed.Seconds()*r.perSecond), now
	}
}

// bucket finds that of a name, or makes a full one. It needs mu.
func (r *Rates) bucket(name string, now time.Time) *bucket {
	if found, ok := r.buckets[name]; ok {
		return found
	}
	if len(r.buckets) >= r.most && now.Sub(r.swept) >= sweepEvery {
		r.sweep(now)
	}
	made := &bucket{tokens: float64(r.burst), at: now}
	if len(r.buckets) < r.most {
		r.buckets[name] = made
		return made
	}
	if r.rest == nil {
		r.rest = made
	}
	return r.rest
}

// sweep forgets full buckets. It needs mu.
func (r *Rates) sweep(now time.Time) {
	r.swept = now
	for name, b := range r.buckets {
		if r.fill(b, now); b.tokens >= float64(r.burst) {
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
