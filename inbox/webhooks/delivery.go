package webhooks

import (
	"time"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// State is how far a delivery is.
type State string

// The states. Delivered, Skipped and Parked settle a delivery: the next event of its lane
// goes on.
const (
	Pending   State = "PENDING"
	Delivered State = "DELIVERED"
	Retrying  State = "RETRYING"
	Parked    State = "PARKED"
	Skipped   State = "SKIPPED"
)

// Settled reports whether nothing more is tried by itself.
func (s State) Settled() bool { return s == Delivered || s == Skipped || s == Parked }

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	Workspace workspace.WorkspaceID
	Webhook   workspace.WebhookID
	// Record is the id of the event or message, of which Kind says what it is.
	Record string
	Kind   eventlog.Kind
	// Sequence is its place in the log; 0 for a test.
	Sequence int64
	// Behind is, of a test, the newest sequence of the log when it was made; 0 for others.
	Behind int64
	// Previous is the sequence of the event that the endpoint was sent before; 0 for none.
	Previous int64
	// Replay names the order by which an event is sent again; empty for the first time.
	Replay string
	// Lane is the conversation or member whose events keep their order.
	Lane  string
	State State
	// Step counts the attempts of the schedule. Probes of a failing endpoint are not among
	// them.
	Step int
	// Attempts are the last MaxAttempts, the oldest first.
	Attempts []Attempt
	// NextAt is when the next attempt is due; zero when settled or never tried.
	NextAt time.Time
}

// Place is the sequence by which the delivery is listed and forgotten. A test has that of
// the records beside which it was made.
func (d Delivery) Place() int64 { return max(d.Sequence, d.Behind) }

// Replayed is a delivery of an event that was parked, and that a replay delivered. Its
// attempts stay those that were made of it.
func (d Delivery) Replayed() Delivery {
	d.State, d.NextAt = Delivered, time.Time{}
	return d
}

// MaxAttempts bounds the attempts that are kept of a delivery.
const MaxAttempts = 20

// Attempt is one request to an endpoint and what came of it.
type Attempt struct {
	At time.Time
	// Status is that of the response; 0 without one.
	Status int
	Took   time.Duration
	// Error says why there was no response; empty with one.
	Error string
	// Body is the beginning of the response, 256 bytes at most.
	Body string
}

// OK reports whether the endpoint took the event.
func (a Attempt) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Gone reports whether the endpoint wants no more events, ever.
func (a Attempt) Gone() bool { return a.Status == 410 }

// schedule is how long to wait before each attempt, from the one before: 76 hours in all.
func schedule() []time.Duration {
	return []time.Duration{
		0, 5 * time.Second, 30 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

// jitterPart is the part of a pause by which it may be longer or shorter.
const jitterPart = 0.1

// Outcome is what is known after an attempt.
type Outcome struct {
	Attempt
	// RetryAfter is how long the endpoint asked to be left alone; 0 if it did not.
	RetryAfter time.Duration
	// Probe says that the endpoint is failing, and is only tried to find out whether it is
	// back. A probe that fails uses up nothing of the schedule, so that an endpoint that was
	// down for days misses nothing.
	Probe bool
	// Jitter is from -1 to 1.
	Jitter float64
}

// hold is how long the endpoint is left alone because it asked for that.
func (o Outcome) hold() time.Duration { return min(o.RetryAfter, longestHold) }

// Tried is the delivery after an attempt.
func (d Delivery) Tried(o Outcome) Delivery {
	d.Attempts = append(d.Attempts[max(0, len(d.Attempts)-MaxAttempts+1):len(d.Attempts):len(d.Attempts)], o.Attempt)
	if o.OK() {
		d.State, d.NextAt = Delivered, time.Time{}
		return d
	}
	if !o.Probe {
		d.Step++
	}
	pauses := schedule()
	if d.Step >= len(pauses) {
		d.State, d.NextAt = Parked, time.Time{}
		return d
	}
	d.State = Retrying
	if o.Probe { // the next probe is of another event
		d.NextAt = o.At.Add(o.Took)
		return d
	}
	pause := pauses[d.Step]
	pause += time.Duration(float64(pause) * jitterPart * o.Jitter)
	d.NextAt = o.At.Add(o.Took).Add(max(pause, o.hold()))
	return d
}

// At is the delivery for an address that the endpoint has since then: one that another address
// refused need not wait for it.
func (d Delivery) At(since time.Time) Delivery {
	if n := len(d.Attempts); n > 0 && d.State == Retrying && elsewhere(d.Attempts[n-1].At, since) {
		d.NextAt = time.Time{}
	}
	return d
}

// Skip is the delivery when the endpoint's key may not see its event.
func (d Delivery) Skip() Delivery {
	d.State, d.NextAt = Skipped, time.Time{}
	return d
}
