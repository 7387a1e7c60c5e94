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

// DeadlineMeeter does what is due, and returns when the next is; zero for never.
type DeadlineMeeter interface {
	MeetDeadlines(ctx context.Context) (next time.Time, err error)
}

// Deadlines is the duty of waking sleepers and of queueing what nobody claimed in time. It
// knows the next deadline from the database and the feed, so that it asks for nothing
// before that.
type Deadlines struct {
	clock func() time.Time

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

// NewDeadlines makes a duty that stands still.
func NewDeadlines(clock func() time.Time) *Deadlines { return &Deadlines{clock: clock} }

// Run does what is due, if anything may be.
func (d *Deadlines) Run(ctx context.Context, by DeadlineMeeter) error {
	if !d.begin() {
		return nil
	}
	next, err := by.MeetDeadlines(ctx)
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
	if e.After == nil || e.After.GrabsUntil.IsZero() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next, d.heard = earlier(d.next, e.After.GrabsUntil), earlier(d.heard, e.After.GrabsUntil)
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
