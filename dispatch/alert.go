package dispatch

import (
	"sync/atomic"
	"time"

	"switchboard/inbox"
)

// Alert lets a duty ask the database only while events say that there may be something
// to do. It follows the events of all servers.
type Alert struct {
	until func(inbox.Event) time.Time
	// active is the last moment of that, in ns.
	active atomic.Int64
	wake   chan struct{}
}

// NewAlert makes an Alert. Until returns until when there may be something to do because
// of an event; the zero time for an event that gives nothing to do.
func NewAlert(until func(inbox.Event) time.Time) *Alert {
	return &Alert{until: until, wake: make(chan struct{}, 1)}
}

// Apply takes an event.
func (a *Alert) Apply(e inbox.Event) {
	if until := a.until(e); !until.IsZero() {
		a.raise(until)
	}
}

// afterLoss is how long a duty is done at its usual pace when events were lost.
const afterLoss = time.Minute

// FeedBack is called when the feed is open.
func (a *Alert) FeedBack() { a.raise(time.Now().Add(afterLoss)) }

// FeedLost is called when the feed is lost.
func (a *Alert) FeedLost() { a.raise(time.Now().Add(afterLoss)) }

// Forget is called when events were lost.
func (a *Alert) Forget() { a.raise(time.Now().Add(afterLoss)) }

func (a *Alert) raise(until time.Time) {
	a.extend(until)
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// keep is raise, and begins no run early if the duty is at its usual pace already.
func (a *Alert) keep(until time.Time) {
	if time.Now().UnixNano() > a.active.Load() {
		a.raise(until)
		return
	}
	a.extend(until)
}

// extend has the duty done at its usual pace until then.
func (a *Alert) extend(until time.Time) {
	for {
		before := a.active.Load()
		if before >= until.UnixNano() || a.active.CompareAndSwap(before, until.UnixNano()) {
			return
		}
	}
}

// QuietPause is the pause of a duty with an Alert while no event gives it anything to
// do: what another server left when it died is found then.
const QuietPause = 20 * time.Second

// pause is how long to wait after a run, when every is the usual pace. A nil Alert
// changes nothing.
func (a *Alert) pause(every time.Duration) time.Duration {
	if a == nil || time.Now().UnixNano() <= a.active.Load() {
		return every
	}
	return max(every, QuietPause)
}

// woken is nil for a nil Alert.
func (a *Alert) woken() <-chan struct{} {
	if a == nil {
		return nil
	}
	return a.wake
}
