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

// What Pulse finds.
var (
	// ErrSilent is a feed that does not tell what is committed.
	ErrSilent = errors.New("the change stream is open and does not tell what is written")
	// ErrNoWrites is a database that takes no heartbeat.
	ErrNoWrites = errors.New("the database takes no writes")
)

// HeartbeatMonitor watches over a pump. A change stream can be open and mute, and a quiet
// night looks the same; so when nothing was heard for a while, Pulse writes a
// heartbeat and demands to hear of it. Of many servers that are idle about one
// writes, since all hear it.
type HeartbeatMonitor struct {
	pump       *Pump
	heartbeats port.Heartbeats
	every      time.Duration
	log        *slog.Logger
	silences   atomic.Uint64

	mu    sync.Mutex
	found error
}

// NewHeartbeatMonitor makes a pulse that looks each time after every, and does nothing
// before Run.
func NewHeartbeatMonitor(pump *Pump, beats port.Heartbeats, every time.Duration, log *slog.Logger) *HeartbeatMonitor {
	return &HeartbeatMonitor{pump: pump, heartbeats: beats, every: every, log: log}
}

// Healthy gives nil until the feed is found not to be heard: then ErrSilent or
// ErrNoWrites, until it is heard again.
func (p *HeartbeatMonitor) Healthy() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found
}

// Silences is how often a stream was found mute and opened again.
func (p *HeartbeatMonitor) Silences() uint64 { return p.silences.Load() }

// Run watches until ctx ends. Call it once.
func (p *HeartbeatMonitor) Run(ctx context.Context) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	var beaten time.Time // when the heartbeat was begun that must be heard
	for ctx.Err() == nil {
		switch {
		case beaten.IsZero():
		case p.pump.HeardAt().Before(beaten):
			p.reopen()
		default:
			p.find(nil, nil)
		}
		beaten = p.check(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
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
	p.found = found
	p.mu.Unlock()
	switch {
	case (before == nil) == (found == nil):
	case found == nil:
		p.log.Info("the feed is heard again")
	default:
		p.log.Warn("the feed is not heard", slog.Any("reason", found), slog.Any("error", cause))
	}
}
