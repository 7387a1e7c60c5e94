package dispatch

import (
	"context"
	"sync"
	"time"

	"switchboard/inbox"
)

// DeadlineInterval is how often the clock is compared with the next time at which the
// rules act on a conversation.
const DeadlineInterval = time.Second

// Meet does what is due by some deadlines, and returns when the next is; zero for never.
type Meet func(ctx context.Context) (next time.Time, err error)

// Deadlines is a duty that has times to keep. It knows the next one from the database and
// the feed, so that it asks for nothing before that. While the feed is lost it asks in
// every run.
type Deadlines struct {
	clock func() time.Time
	// of returns the deadline that an event sets; zero for none.
	of func(inbox.Event) time.Time

	mu sync.Mutex
	// next is the earliest deadline known; zero for none.
	next time.Time
	// until is how long next may be believed; zero if the database has to be asked.
	until time.Time
	// lost says that events are missed, so that nothing is believed.
	lost bool
	// heard is the earliest deadline of the events since the present run began.
	heard time.Time
}

// NewDeadlines makes a duty that stands still, of the deadlines that events set by of.
func NewDeadlines(clock func() time.Time, of func(inbox.Event) time.Time) *Deadlines {
	return &Deadlines{clock: clock, of: of}
}

// WaitsUntil is when an event lets the rules act on its conversation: wake a sleeper, or
// queue what nobody claimed. Zero for never.
func WaitsUntil(e inbox.Event) time.Time {
	if e.After == nil {
		return time.Time{}
	}
	return e.After.GrabsUntil
}

// Run does what is due, if anything may be.
func (d *Deadlines) Run(ctx context.Context, meet Meet) error {
	if !d.begin() {
		return nil
	}
	next, err := meet(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.next = earlier(next, d.heard)
		return nil
	}
	d.until = time.Time{}
	return err
}

// begin reports whether the database has to be asked.
func (d *Deadlines) begin() bool {
	now := d.clock()
	d.mu.Lock()
	defer d.mu.Unlock()
	due := !d.next.IsZero() && !d.next.After(now)
	if !due && !d.lost && now.Before(d.until) {
		return false
	}
	d.heard, d.until = time.Time{}, now.Add(QuietPause)
	return true
}

// earlier is the earlier of two times; zero is later than any other.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Apply notes the deadline that an event sets.
func (d *Deadlines) Apply(e inbox.Event) {
	at := d.of(e)
	if at.IsZero() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next, d.heard = earlier(d.next, at), earlier(d.heard, at)
}

// Forget lets the database be asked.
func (d *Deadlines) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = time.Time{}
}

// FeedLost lets the database be asked in every run.
func (d *Deadlines) FeedLost() { d.hear(true) }

// FeedBack lets the database be asked once, for what was missed.
func (d *Deadlines) FeedBack() { d.hear(false) }

func (d *Deadlines) hear(lost bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost, d.until = lost, time.Time{}
}
