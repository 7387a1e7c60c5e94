package sqlite

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
)

// limits decide how lists find their conversations. Tests lower them, so that a few
// conversations are many.
type limits struct {
	// few is how many places are sorted rather than walked to in the order of the list.
	few int
	// rare is how many conversations have a word that is found without regard to time.
	rare int
	// common is how many conversations of two periods have a word of which a walk of the
	// facets soon finds a page.
	common int
	// estimate bounds how far the conversations of facets are counted to compare them.
	estimate int
	// periodBits is the length of a period of the table words: 2 to the power of it, in
	// milliseconds. The file depends on it.
	periodBits int
}

// usual are the limits of the program. A period is some six days.
func usual() limits {
	return limits{few: 5_000, rare: 300, common: 2_000, estimate: 1_000, periodBits: 29}
}

// periodAt is the period of a time in milliseconds.
func (l limits) periodAt(at int64) int64 { return at >> l.periodBits }

// periodOf is the period of the last activity.
func (l limits) periodOf(c inbox.Conversation) int64 {
	return l.periodAt(access.SortKey(c, access.ByLastActivity).UnixMilli())
}
