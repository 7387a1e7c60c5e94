package eventlog

import (
	"sync/atomic"
	"time"
)

// lag is how long events wait for their numbers. It is safe for concurrent use.
type lag struct {
	// waiting is the time of the oldest event that is being numbered, in milliseconds; 0
	// for none. last is how long the one before had waited.
	waiting, last atomic.Int64
}

func (l *lag) begin(oldest time.Time) { l.waiting.Store(oldest.UnixMilli()) }

func (l *lag) done(oldest, now time.Time) {
	l.last.Store(int64(max(0, now.Sub(oldest))))
	l.waiting.Store(0)
}

func (l *lag) forget() {
	l.last.Store(0)
	l.waiting.Store(0)
}

// Lag is how long the newest events waited from their commit to their number; longer while
// they still wait, as after a failure. It compares clocks, as event times are those of the
// servers that committed. 0 on a server that does not number.
func (n *Numberer) Lag() time.Duration {
	if since := n.lag.waiting.Load(); since != 0 {
		return max(0, n.now().Sub(time.UnixMilli(since)))
	}
	return time.Duration(n.lag.last.Load())
}
