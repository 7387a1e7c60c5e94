package feed

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
)

const (
	// maxFailures is how many streams may break at one position, before their
	// first item and for no reason that passes, until the position is given up:
	// an event that cannot be read must not stop all that come after it.
	maxFailures = 5
	// closeTime is how long a broken stream may take to be freed.
	closeTime = 2 * time.Second
	// openTime is how long an opening may take. A database answers at once, however
	// long its log is; a connection that is dead may never say so.
	openTime = time.Minute
	// quiet is how long the stream delivers nothing before the hub takes over a position
	// that only this stream knows. Every server knows the positions of changes, and
	// heartbeats are changes, unless they are turned off.
	quiet = 30 * time.Second
)

// errUnopened is an opening that got no answer.
var errUnopened error = &inbox.Error{Code: inbox.Unavailable, Message: "The change stream was not opened within a minute."}

// feedReader is what the goroutine of Run knows: where the feed stands and how it
// fared.
type feedReader struct {
	*Pump
	// position is where to go on; empty for the present end.
	position string
	// opened says that the feed was open before, down that its loss was logged
	// and since when it is in its present state.
	opened, down bool
	since        time.Time
	said         time.Time // when its loss was last logged
	failures     int
	pause        backoff
	recalls      []recall // the attempts that are left
	recent       *recent  // until the first opening
}

// run opens the feed and hands on what comes until it breaks.
func (t *feedReader) run(ctx context.Context) {
	stream, err := t.open(ctx)
	if err != nil {
		t.disconnected(ctx, err)
		return
	}
	defer t.free(ctx, stream)
	open, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	t.stop.Store(&stop)
	if b, ok := stream.(port.HeartbeatStream); ok {
		b.OnHeartbeat(func(position string) {
			t.heard.Store(time.Now().UnixNano())
			t.hub.Move(position)
		})
	}
	if m, ok := stream.(port.MovingStream); ok {
		m.OnMove(func() { t.passed(stream.Position()) })
	}
	if b, ok := stream.(port.BulletinStream); ok && t.Bulletin != nil {
		b.OnBulletin(func(bulletin []byte) {
			t.moved.Store(time.Now().UnixNano())
			t.Bulletin(bulletin)
		})
	}
	t.connected(stream.Position())
	for {
		item, err := stream.Next(open)
		if err != nil {
			if errors.Is(context.Cause(open), errSilentFeed) {
				err = errSilentFeed
			}
			t.saveResumePoint(stream, err)
			t.disconnected(ctx, err)
			return
		}
		t.deliver(item)
	}
}

// passed says that the feed advanced to position without delivering anything.
func (t *feedReader) passed(position string) {
	t.moved.Store(time.Now().UnixNano())
	if time.Since(t.HeardAt()) > quiet {
		t.hub.Move(position)
	}
}

// open opens the feed where it stood, or for the first time. A place at which no opening is answered is
// given up in the end, as one whose events cannot be read.
func (t *feedReader) open(ctx context.Context) (port.FeedStream, error) {
	t.recall(ctx)
	opening, cancel := context.WithTimeoutCause(ctx, openTime, errUnopened)
	defer cancel()
	stream, err := t.feed.Watch(opening, t.position)
	if err != nil && ctx.Err() == nil && errors.Is(context.Cause(opening), errUnopened) {
		t.failures++
		t.down = false // it is logged each time
		err = errUnopened
	}
	return stream, err
}

// connected tells everybody that the feed is open, and that events are lost when it
// does not go on from where it was left.
func (t *feedReader) connected(at string) {
	resumed := t.opened && t.position != ""
	if at != "" {
		t.position = at
	}
	t.each(Follower.FeedBack)
	if !resumed {
		// This holds for the first opening too: who listened before it may have
		// missed events.
		t.each(Follower.Forget)
		t.begin()
	}
	t.healthy.Store(true)
	t.count(resumed)
	t.log.Info("the feed is open", slog.Bool("resumed", resumed), slog.Duration("after", time.Since(t.since)), slog.Int("kept", t.hub.Kept()))
	t.down, t.since = false, time.Now()
}

// begin lets the hub begin anew: with the newest events, if the feed was opened where
// they end.
func (t *feedReader) begin() {
	if r := t.recent; r != nil {
		t.hub.begin(r.last, r.ring)
		t.recent = nil
		return
	}
	t.hub.Gap(t.position)
}

func (t *feedReader) count(resumed bool) {
	if !t.opened {
		t.opened = true
		close(t.ready)
		return
	}
	t.reopens.Add(1)
	if !resumed {
		t.gaps.Add(1)
	}
}

func (t *feedReader) deliver(item port.FeedItem) {
	t.position, t.failures = item.Position, 0
	t.pause.reset()
	now := time.Now()
	t.lastEvent.Store(now.UnixNano())
	t.heard.Store(now.UnixNano())
	t.lag.Store(int64(now.Sub(item.Event.At)))
	t.each(func(f Follower) { f.Apply(item.Event) })
	if item.Event.Resets() {
		t.each(Follower.Forget) // loads, tokens and queues were made anew without events of their own
	}
	t.hub.Publish(item)
}

// saveResumePoint takes over where a stream stood that broke for a reason that passes.
// After a long silence that is much later than the last item, and less likely
// to be gone. Any other break may be an item that was read and not understood,
// which must not be left out in silence.
func (t *feedReader) saveResumePoint(stream port.FeedStream, err error) {
	if inbox.CodeOf(err) != inbox.Unavailable {
		t.failures++
		return
	}
	if at := stream.Position(); at != "" {
		t.position = at
	}
}

// disconnected tells everybody that the feed is not open.
func (t *feedReader) disconnected(ctx context.Context, err error) {
	t.healthy.Store(false)
	t.each(Follower.FeedLost)
	if ctx.Err() != nil {
		return
	}
	if t.down && time.Since(t.said) >= openTime {
		t.said = time.Now()
		t.log.Warn("the feed is still lost", slog.Duration("for", time.Since(t.since)), slog.Any("error", err))
	}
	if !t.down {
		if t.opened && time.Since(t.since) >= maxPause {
			t.pause.reset()
		}
		t.log.Warn("the feed is lost and will be opened again", slog.Any("error", err))
		t.down, t.since, t.said = true, time.Now(), time.Now()
	}
	if t.unrecoverable(err) && t.position != "" {
		t.log.Error("the feed cannot go on from where it stood: events are lost to listeners, who are told to read anew", slog.Any("error", err))
		t.position, t.failures, t.recent = "", 0, nil
		t.pause.reset()
	}
}

func (t *feedReader) unrecoverable(err error) bool {
	return errors.Is(err, port.ErrHistoryLost) || errors.Is(err, port.ErrBadPosition) || t.failures >= maxFailures
}

// free closes a stream, also when ctx is what ended it.
func (t *feedReader) free(ctx context.Context, stream port.FeedStream) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if err := stream.Close(ctx); err != nil {
		t.log.Debug("a feed stream did not close cleanly", slog.Any("error", err))
	}
}
