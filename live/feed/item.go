package feed

import (
	"switchboard/inbox"
	port "switchboard/inbox/feed"
)

// Item is one thing that a subscription tells. All subscribers are given the
// same pointer: never write to an Item or to what its event points at.
type Item struct {
	// Event is what was committed; zero for a gap, but for the end of a reset: see itemOf.
	Event inbox.Event
	// Position is right behind the event, or where the feed goes on after a
	// gap. It is empty only for a gap whose feed could not name its place.
	Position string
	// Gap says that events between the item before and Position are not delivered.
	// Whoever keeps a state must read it anew. Reason says why; it is empty for the
	// beginning of a state, which nothing is missing before.
	Gap    bool
	Reason GapReason
	// Number is one more than that of the item that this hub told before, of any
	// workspace; 0 for what no hub told.
	Number uint64
}

// itemOf is the item of what a feed brought. The end of a sandbox's reset is a gap: what
// was delivered before is gone, and no event says that.
func itemOf(brought port.FeedItem, number uint64) *Item {
	item := &Item{Event: brought.Event, Position: brought.Position, Number: number}
	if brought.Event.Resets() {
		item.Gap, item.Reason = true, GapHistoryLost
	}
	return item
}
