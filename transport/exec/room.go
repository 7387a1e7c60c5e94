package exec

import "context"

type roomKey struct{}

// WithRoom returns a context for Run in which Room asks room.
func WithRoom(ctx context.Context, room func() <-chan struct{}) context.Context {
	return context.WithValue(ctx, roomKey{}, room)
}

// Room is nil if the client of the subscription whose resolver was given ctx keeps up with
// what it is sent, as far as is known; else it is closed once more was sent, or never
// will be. A source that can wait asks before it goes on: a connection on which too much
// waits is closed.
func Room(ctx context.Context) <-chan struct{} {
	if room, ok := ctx.Value(roomKey{}).(func() <-chan struct{}); ok {
		return room()
	}
	return nil
}
