package feed

import (
	"context"
	"log/slog"
	"time"

	port "switchboard/inbox/feed"
)

// A server that starts has seen no event. Each subscriber that comes from a server that
// stops would need a catch-up from the database's log. Instead the pump reads the newest
// part of the log once, before it opens the feed, and the hub begins with it.

// recall is one attempt to read the newest part of the log.
type recall struct {
	back time.Duration // how far it reaches back
	part int           // of what the hub keeps, one in so many
	time time.Duration // how long it may take: the server does not listen before
}

// recalls are the attempts, each made once. The second one is for a log that grows so
// fast that the first one cannot read it in time.
func recalls() []recall {
	return []recall{{5 * time.Minute, 1, 2 * time.Second}, {30 * time.Second, 8, time.Second}}
}

// maxRecalled is how many bytes are read for it.
const maxRecalled = 32 << 20

// recent is the newest part of the log.
type recent struct {
	ring *ring
	// last is the position behind the newest change, which all servers know. Nothing
	// lies between it and end, where the reading ended, which only this server knows.
	last, end string
}

// recall reads the newest part of the log, once a process: nothing is delivered across a
// later gap. If it fails, the feed opens at its present end, and subscribers that resume
// catch up.
func (t *feedReader) recall(ctx context.Context) {
	source, ok := t.feed.(port.RecentFeed)
	for ok && t.position == "" && len(t.recalls) > 0 {
		next := t.recalls[0]
		t.recalls = t.recalls[1:]
		found, err := t.read(ctx, source, next)
		if err == nil {
			t.recent, t.position, t.recalls = found, found.end, nil
			return
		}
		t.log.Info("the newest events were not read; subscribers that resume catch up from the database", slog.Duration("back", next.back), slog.Any("error", err))
	}
}

func (t *feedReader) read(ctx context.Context, source port.RecentFeed, bound recall) (*recent, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, bound.time, errTooLong)
	defer cancel()
	size := t.hub.ringSize()
	stream, err := source.WatchRecent(ctx, bound.back, max(1, size/bound.part))
	if err != nil {
		return nil, err
	}
	defer t.free(ctx, stream)
	r := &recent{ring: newRing(size), last: stream.Position()}
	return r, r.readFrom(ctx, stream)
}

// readFrom reads to the present end of the stream.
func (r *recent) readFrom(ctx context.Context, stream port.FeedStream) error {
	if h, ok := stream.(port.HeartbeatStream); ok {
		h.OnHeartbeat(r.pass)
	}
	for left := maxRecalled; left >= 0; {
		item, more, err := stream.TryNext(ctx)
		if err != nil || !more {
			r.end = stream.Position()
			return err
		}
		r.ring.add(item.Event.Workspace, itemOf(item, 0), r.last)
		r.last = item.Position
		left -= item.Size
	}
	return errTooMuch
}

// pass notes the position of a change that is no event.
func (r *recent) pass(position string) {
	r.ring.start(r.last)
	r.last = position
}
