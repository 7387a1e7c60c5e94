package feed

import "context"

// Heartbeats lets a server check whether an open feed still delivers commits: it
// writes a document that the feed watches, and waits for its arrival.
type Heartbeats interface {
	// FeedHeartbeat writes a heartbeat, which every HeartbeatStream of the feed hears. It
	// makes no event and leaves no trace in any history. UNAVAILABLE when the
	// database takes no writes now.
	FeedHeartbeat(ctx context.Context) error
}

// HeartbeatStream is a FeedStream that hears heartbeats.
type HeartbeatStream interface {
	FeedStream
	// OnHeartbeat registers heard, which Next calls for every change from the feed that
	// is not an event. Call it before the first Next.
	OnHeartbeat(heard func())
}
