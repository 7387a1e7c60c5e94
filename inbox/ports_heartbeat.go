package inbox

import "context"

// Heartbeats lets a server find out whether an open feed still tells what is
// committed: it writes something where the feed looks, and should hear of it.
type Heartbeats interface {
	// Beat writes a heartbeat, which every BeatingStream of the feed hears. It
	// makes no event and leaves no trace in any history. UNAVAILABLE when the
	// database takes no writes now.
	Beat(ctx context.Context) error
}

// BeatingStream is a FeedStream that hears heartbeats.
type BeatingStream interface {
	FeedStream
	// OnHeard lets heard be called, from within Next, for whatever the feed tells
	// that is no event. Call it before the first Next.
	OnHeard(heard func())
}
