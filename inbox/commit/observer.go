package commit

import "switchboard/inbox"

// Observer receives every event that this process committed, right afterwards and
// before the caller gets its answer. It must not block.
type Observer interface {
	// Committed is called by many goroutines at once.
	Committed(e inbox.Event)
}
