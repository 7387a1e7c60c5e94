package guard

import (
	"context"
	"sync"
	"time"
)

// fairQueues let the operations of one caller go one after another, and keep each caller
// at rest for a part of the time: whoever asks for much at once is no nearer to the
// processors and the database than others, and the longer these take, the longer
// the rests.
type fairQueues struct {
	mu sync.Mutex
	by map[string]*callerQueue
}

const (
	// queueCredit is how long operations of a caller may take before it rests. A
	// page that opens asks for several things at once.
	queueCredit = 50 * time.Millisecond
	// longestRest bounds one rest, whatever an operation took.
	longestRest = time.Second
)

// callerQueue is that of one caller, for as long as anybody is in it or it rests.
type callerQueue struct {
	free  chan struct{} // holds one token
	users int

	// credit is what may be used before a rest, as of at. Whoever holds the token
	// has both.
	credit time.Duration
	at     time.Time
}

func newFairQueues() *fairQueues { return &fairQueues{by: map[string]*callerQueue{}} }

// enter waits until the operations before are done and the caller has rested. It is
// false when ctx ended first; else leave must be called. share is the part of the
// time in which operations of the caller may be under way; 0 is all of it.
func (l *fairQueues) enter(ctx context.Context, key string, share float64) (leave func(), ok bool) {
	l.mu.Lock()
	one := l.by[key]
	if one == nil {
		one = &callerQueue{free: make(chan struct{}, 1), credit: queueCredit, at: time.Now()}
		one.free <- struct{}{}
		l.by[key] = one
	}
	one.users++
	l.mu.Unlock()
	select {
	case <-one.free:
		began := time.Now()
		return func() { l.leave(key, one, began, share) }, true
	case <-ctx.Done():
		l.exit(key, one)
		return nil, false
	}
}

// leave lets the next one in after the rest that is due. The lane is kept until its
// credit is whole again, so that it bounds one thing after another too.
func (l *fairQueues) leave(key string, one *callerQueue, began time.Time, share float64) {
	rest, whole := one.use(began, time.Now(), share)
	afterCredit(rest, func() { one.free <- struct{}{} })
	afterCredit(whole, func() { l.exit(key, one) })
}

// use takes what an operation used from the credit. It returns how long the lane
// stays closed, and when its credit is whole.
func (l *callerQueue) use(began, ended time.Time, share float64) (rest, whole time.Duration) {
	if share <= 0 {
		return 0, 0
	}
	gained := time.Duration(share * float64(began.Sub(l.at)))
	owing := time.Duration(share * float64(longestRest))
	l.credit, l.at = max(min(queueCredit, l.credit+gained)-ended.Sub(began), -owing), ended
	in := func(d time.Duration) time.Duration { return time.Duration(float64(d) / share) }
	return max(0, in(-l.credit)), in(queueCredit - l.credit)
}

func afterCredit(wait time.Duration, do func()) {
	if wait <= 0 {
		do()
		return
	}
	time.AfterFunc(wait, do)
}

func (l *fairQueues) exit(key string, one *callerQueue) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(l.by, key)
	}
}
