package webhooks

import "time"

const (
	// failingAfter is how many failures in a row make an endpoint failing.
	failingAfter = 50
	// probeEvery is how often a failing endpoint is tried.
	probeEvery = time.Minute
	// disabledAfter is for how long an endpoint may do nothing but fail.
	disabledAfter = 5 * 24 * time.Hour
	// longestHold bounds for how long an endpoint is left alone at its own request.
	longestHold = time.Hour
	// finishing is how long what is on its way to an address may take when it is changed.
	finishing = 15 * time.Second
	// longestPause is the longest time between two attempts while there are any: that of the
	// schedule, with its jitter, and a little more.
	longestPause = 28 * time.Hour
)

// Health is how an endpoint has answered lately.
type Health struct {
	// Failures counts those since the last success.
	Failures int
	// Since is when the first of them was, later by the times in which nothing was tried; zero
	// without any.
	Since time.Time
	// Tried is when the last of them ended; zero without any.
	Tried time.Time
	// ProbeAt is when a failing endpoint is tried next.
	ProbeAt time.Time
	// HoldUntil is until when nothing is sent, because the endpoint asked for that.
	HoldUntil time.Time
}

// After is the health after an attempt.
func (h Health) After(o Outcome) Health {
	ended := o.At.Add(o.Took)
	if o.OK() && o.At.Before(h.HoldUntil) { // it was on its way when the endpoint asked to be left alone
		return Health{HoldUntil: h.HoldUntil}
	}
	if o.OK() {
		return Health{}
	}
	h = h.resumed(o.At)
	h.Failures++
	h.Tried = ended
	if h.Since.IsZero() {
		h.Since = o.At
	}
	if h.Failing() {
		h.ProbeAt = ended.Add(probeEvery)
	}
	if until := ended.Add(o.hold()); o.RetryAfter > 0 && until.After(h.HoldUntil) {
		h.HoldUntil = until
	}
	return h
}

// Of is what is left of the health for an address that the endpoint has since then: what
// another one answered, or asked for, says nothing of it.
func (h Health) Of(since time.Time) Health {
	last := h.Tried
	if last.IsZero() { // it answered well since it asked to be left alone
		last = h.HoldUntil.Add(-longestHold)
	}
	if elsewhere(last, since) {
		return Health{}
	}
	return h
}

// elsewhere reports whether an attempt at a time was of another address than the endpoint has
// since then. What was on its way at the change is finished with the old one.
func elsewhere(at, since time.Time) bool { return !since.IsZero() && at.Before(since.Add(finishing)) }

// resumed is the health when an attempt begins. A time without attempts that is longer than
// any pause between them is one in which the endpoint rested, or no server ran: it does not
// count as time in which the endpoint failed.
func (h Health) resumed(at time.Time) Health {
	pause := longestPause
	if h.Failing() { // it is probed as long as anything waits, and something does
		pause = probeEvery + longestHold
	}
	if rest := at.Sub(h.Tried); !h.Tried.IsZero() && rest > pause {
		h.Since = h.Since.Add(rest)
	}
	return h
}

// Failing reports whether the endpoint is only probed.
func (h Health) Failing() bool { return h.Failures >= failingAfter }

// Lost reports whether the endpoint did nothing but fail for too long, since on when it has
// been turned on.
func (h Health) Lost(now, on time.Time) bool {
	since := h.Since
	if on.After(since) {
		since = on // nothing was tried before that
	}
	return h.Failing() && !h.Since.IsZero() && now.Sub(since) >= disabledAfter
}

// Opens returns when the endpoint may be tried next; the zero time for at once.
func (h Health) Opens() time.Time {
	if h.Failing() && h.ProbeAt.After(h.HoldUntil) {
		return h.ProbeAt
	}
	return h.HoldUntil
}
