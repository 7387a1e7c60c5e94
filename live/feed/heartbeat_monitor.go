package feed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
)

// errSilentFeed is a stream that is open and tells nothing. It passes: the feed goes
// on where the stream stands.
var errSilentFeed error = &inbox.Error{Code: inbox.Unavailable, Message: "The change stream told nothing of what was written."}

// What the monitor finds.
var (
	// ErrUnheard is a feed that has not delivered anything since the server started.
	ErrUnheard = errors.New("the change stream is open and has not told anything yet")
	// ErrSilent is a feed that does not tell what is committed.
	ErrSilent = errors.New("the change stream is open and does not tell what is written")
	// ErrNoWrites is a database that takes no heartbeat.
	ErrNoWrites = errors.New("the database takes no writes")
)

// maxLate is how many intervals a heartbeat may take to arrive. A sharded cluster
// delivers a change when every shard has reported a later time, which a shard without
// writes does every 10 s: late is not mute.
const maxLate = 3

// HeartbeatMonitor watches over a pump. A change stream can be open and mute, and a quiet
// night looks the same; so when nothing was heard for a while, it writes a
// heartbeat and demands to hear of it, or to see the stream advance past it. Of many
// servers that are idle about one writes, since all hear it.
type HeartbeatMonitor struct {
	pump       *Pump
	heartbeats port.Heartbeats
	every      time.Duration
	log        *slog.Logger
	silences   atomic.Uint64
	// awaited is when the heartbeat was begun that was not heard yet; zero for none.
	awaited time.Time

	mu    sync.Mutex
	found error
	since time.Time // when it was found
}

// NewHeartbeatMonitor makes a monitor that looks each time after every, and does nothing
// before Run.
func NewHeartbeatMonitor(pump *Pump, beats port.Heartbeats, every time.Duration, log *slog.Logger) *HeartbeatMonitor {
	return &HeartbeatMonitor{pump: pump, heartbeats: beats, every: every, log: log, found: ErrUnheard}
}

// Healthy gives ErrUnheard until the feed delivered something for the first time, and nil
// until it is found not to be heard: then ErrSilent or ErrNoWrites, until it is heard
// again.
func (p *HeartbeatMonitor) Healthy() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if moved := p.pump.MovedAt(); !moved.IsZero() && !moved.Before(p.since) && !errors.Is(p.found, ErrNoWrites) {
		return nil
	}
	return p.found
}

// Silences is how often a stream was found mute and opened again.
func (p *HeartbeatMonitor) Silences() uint64 { return p.silences.Load() }

// Run watches until ctx ends. Call it once.
func (p *HeartbeatMonitor) Run(ctx context.Context) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for ctx.Err() == nil {
		p.look(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// look judges the heartbeat that is awaited, and writes the next one when there is none.
func (p *HeartbeatMonitor) look(ctx context.Context) {
	switch {
	case p.awaited.IsZero():
	case !p.pump.MovedAt().Before(p.awaited):
		p.find(nil, nil)
	case time.Since(p.awaited) < maxLate*p.every:
		return
	default:
		p.reopen()
	}
	p.awaited = p.check(ctx)
}

// reopen lets go of a stream that did not tell of the last heartbeat.
func (p *HeartbeatMonitor) reopen() {
	p.find(ErrSilent, nil)
	if p.pump.Healthy() {
		p.silences.Add(1)
		p.log.Error("the change stream is mute and is opened again")
		p.pump.Reopen()
	}
}

// check beats when the feed was quiet. The result is when, zero for not at all.
func (p *HeartbeatMonitor) check(ctx context.Context) time.Time {
	began := time.Now()
	if heard := p.pump.HeardAt(); !heard.IsZero() && began.Sub(heard) < p.every {
		p.find(nil, nil)
		return time.Time{}
	}
	limited, cancel := context.WithTimeout(ctx, p.every)
	defer cancel()
	if err := p.heartbeats.FeedHeartbeat(limited); err != nil {
		if ctx.Err() == nil {
			p.find(ErrNoWrites, err)
		}
		return time.Time{}
	}
	return began
}

// find keeps what was found, and tells what is new of it with its cause.
func (p *HeartbeatMonitor) find(found, cause error) {
	p.mu.Lock()
	before := p.found
	p.found, p.since = found, time.Now()
	p.mu.Unlock()
	switch {
	case (before == nil) == (found == nil), errors.Is(before, ErrUnheard) && found == nil:
	case found == nil:
		p.log.Info("the feed is heard again")
	default:
		p.log.Warn("the feed is not heard", slog.Any("reason", found), slog.Any("error", cause))
	}
}
