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
	// OnHeartbeat registers heard, which Next and TryNext call for every change from the
	// feed that is not an event, with the position right behind it. Every stream that
	// reads the change gives the same position, while Position may be any that
	// follows. Call it before the first Next.
	OnHeartbeat(heard func(position string))
}

// MovingStream is a FeedStream that says when it advanced without delivering anything:
// a feed that advances delivers all that it passes, so an idle one is known to be alive.
type MovingStream interface {
	FeedStream
	// OnMove registers moved, which Next calls each time that Position advanced over
	// something that is neither an event nor a heartbeat. Call it before the first Next.
	OnMove(moved func())
}
