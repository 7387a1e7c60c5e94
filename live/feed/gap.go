package feed

import "sync/atomic"

// GapReason is why a subscriber has to fetch again: a change before the item that
// carries it was not delivered. Empty means that nothing is missing.
type GapReason string

// The reasons for a gap.
const (
	// GapHistoryLost is a feed, or a log of the database, that no longer reaches back to
	// where the subscriber was.
	GapHistoryLost GapReason = "HISTORY_LOST"
	// GapTooMuch is more missed changes than a server reads for one subscriber.
	GapTooMuch GapReason = "TOO_MUCH"
	// GapServerBusy is more subscribers that come back at once than may wait.
	GapServerBusy GapReason = "SERVER_BUSY"
	// GapServerBehind is a server that came too late to where the subscriber had been
	// on another server, and then had passed it.
	GapServerBehind GapReason = "SERVER_BEHIND"
	// GapCursorExpired is a cursor that is older than the keys that open cursors.
	GapCursorExpired GapReason = "CURSOR_EXPIRED"
	// GapRightsChanged is a change of the rights of the subscriber, or of the policy,
	// which moves conversations into a view or out of it without any event of theirs.
	GapRightsChanged GapReason = "RIGHTS_CHANGED"
	// GapStarsChanged is a star that the subscriber set or removed, of a view that asks
	// for stars.
	GapStarsChanged GapReason = "STARS_CHANGED"
	// GapUnseen is a conversation that the subscriber could not see for a while.
	GapUnseen GapReason = "UNSEEN"
)

// GapReasons returns all reasons. It never changes.
func GapReasons() []GapReason {
	return []GapReason{
		GapHistoryLost, GapTooMuch, GapServerBusy, GapServerBehind, GapCursorExpired, GapRightsChanged, GapStarsChanged, GapUnseen,
	}
}

// Gaps counts gaps by reason. It is safe for concurrent use.
type Gaps struct{ by map[GapReason]*atomic.Uint64 }

// NewGaps returns counters that stand at zero.
func NewGaps() *Gaps {
	g := &Gaps{by: map[GapReason]*atomic.Uint64{}} // never written to afterwards
	for _, reason := range GapReasons() {
		g.by[reason] = new(atomic.Uint64)
	}
	return g
}

// Add counts one gap. A reason that is none of GapReasons counts nothing.
func (g *Gaps) Add(reason GapReason) {
	if n := g.by[reason]; n != nil {
		n.Add(1)
	}
}

// Count returns how many gaps of that reason were counted.
func (g *Gaps) Count(reason GapReason) uint64 {
	if n := g.by[reason]; n != nil {
		return n.Load()
	}
	return 0
}
