package eventlog

import (
	"context"
	"time"

	"switchboard/inbox/feed"
)

// closeTime is how long a stream may take to be freed.
const closeTime = 2 * time.Second

// feedReader reads a stream ahead of the writer, so that what is committed while a batch
// is written is the next batch.
type feedReader struct {
	items chan feed.FeedItem
	ended chan struct{}
	err   error // valid once ended is closed
}

// readFeed reads until ctx ends or the stream breaks, and closes the stream then.
func readFeed(ctx context.Context, stream feed.FeedStream) *feedReader {
	r := &feedReader{items: make(chan feed.FeedItem, batch), ended: make(chan struct{})}
	passed := func(position string) { // without an event; dropped while others wait
		select {
		case r.items <- feed.FeedItem{Position: position}:
		default:
		}
	}
	if h, ok := stream.(feed.HeartbeatStream); ok {
		h.OnHeartbeat(passed)
	}
	if m, ok := stream.(feed.MovingStream); ok {
		m.OnMove(func() { passed(stream.Position()) })
	}
	go r.run(ctx, stream)
	return r
}

func (r *feedReader) run(ctx context.Context, stream feed.FeedStream) {
	defer close(r.ended)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		_ = stream.Close(ctx) // it was only read
	}()
	for {
		item, err := stream.Next(ctx)
		if err != nil {
			r.err = err
			return
		}
		select {
		case r.items <- item:
		case <-ctx.Done():
			r.err = ctx.Err()
			return
		}
	}
}

// next waits for an item, and returns it with those that are there already.
func (r *feedReader) next(ctx context.Context) ([]feed.FeedItem, error) {
	var out []feed.FeedItem
	select {
	case item := <-r.items:
		out = append(out, item)
	case <-r.ended:
		return nil, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for len(out) < batch {
		select {
		case item := <-r.items:
			out = append(out, item)
		default:
			return out, nil
		}
	}
	return out, nil
}

// wait returns when the stream is closed.
func (r *feedReader) wait() { <-r.ended }
