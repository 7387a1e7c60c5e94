package feed

import "switchboard/inbox"

// Follower keeps something as fresh as the feed. The Pump calls it before the Hub
// delivers an event, from one goroutine; none of the methods may block.
type Follower interface {
	// Apply takes the next event.
	Apply(e inbox.Event)
	// FeedBack says that every event committed from now on will be applied.
	FeedBack()
	// FeedLost says that events may be missing from now on.
	FeedLost()
	// Forget says that events were lost, so that nothing known before holds.
	Forget()
}
