package feed

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/inbox"
)

// Rechecks asks everybody who listens to look at the rights again without any event. The
// feed brings every change of the directory, so this is for what it does not bring: a
// policy that was replaced, and whatever changes while the feed is away. Nobody needs a
// clock of his own. It is safe for concurrent use, and the zero value is ready.
type Rechecks struct {
	asked atomic.Uint64
	// told is called behind each request; nil for nothing.
	told func()

	mu  sync.Mutex
	now chan struct{}
}

// Asked is how often everybody was asked. Take it before looking: who finds another number
// later has to look again. Subscriptions wake their listeners then.
func (r *Rechecks) Asked() uint64 { return r.asked.Load() }

// Next is closed when the rights should be looked at. Take it before looking: then no
// request falls between.
func (r *Rechecks) Next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next()
}

// next needs mu.
func (r *Rechecks) next() chan struct{} {
	if r.now == nil {
		r.now = make(chan struct{})
	}
	return r.now
}

// Ask has everybody look.
func (r *Rechecks) Ask() {
	r.ask()
	if r.told != nil {
		r.told()
	}
}

func (r *Rechecks) ask() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked.Add(1)
	close(r.next())
	r.now = nil
}

// recheckEvery is how often rights are looked at while the feed does not bring their
// changes. B:Z6.
const recheckEvery = time.Second

// rechecksAfter is how often they are still looked at when the feed is back: a directory
// is loaded again within a second, as the feed may be far behind it.
const rechecksAfter = 2

// LostFeedRechecks asks for rechecks while the feed is away.
type LostFeedRechecks struct {
	rechecks *Rechecks
	lost     atomic.Bool
	changed  chan struct{}
}

var _ Follower = (*LostFeedRechecks)(nil)

// NewLostFeedRechecks makes one that stands still: Run it.
func NewLostFeedRechecks(rechecks *Rechecks) *LostFeedRechecks {
	return &LostFeedRechecks{rechecks: rechecks, changed: make(chan struct{}, 1)}
}

// Run asks until ctx ends. It costs nothing while the feed is open.
func (l *LostFeedRechecks) Run(ctx context.Context) {
	tick := time.NewTicker(recheckEvery)
	defer tick.Stop()
	for left := 0; ; {
		if left == 0 {
			tick.Stop()
		}
		select {
		case <-l.changed:
			left = rechecksAfter
			tick.Reset(recheckEvery)
			l.rechecks.Ask()
		case <-tick.C:
			l.rechecks.Ask()
			if !l.lost.Load() {
				left--
			}
		case <-ctx.Done():
			return
		}
	}
}

// Apply does nothing: who listens receives the event.
func (l *LostFeedRechecks) Apply(inbox.Event) {}

// FeedLost begins to ask.
func (l *LostFeedRechecks) FeedLost() { l.set(true) }

// FeedBack ends it soon.
func (l *LostFeedRechecks) FeedBack() { l.set(false) }

// Forget asks once more, because events were lost.
func (l *LostFeedRechecks) Forget() { l.set(l.lost.Load()) }

func (l *LostFeedRechecks) set(lost bool) {
	l.lost.Store(lost)
	select {
	case l.changed <- struct{}{}:
	default:
	}
}
