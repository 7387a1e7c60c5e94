package feed

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	port "switchboard/inbox/feed"
)

// Pump reads the feed and hands on what comes, to the followers first. There
// is one a process. B:V9.
type Pump struct {
	feed      port.Feed
	followers []Follower
	hub       *Hub
	log       *slog.Logger
	// Bulletin hears what servers say to all; nil for nobody. Set it before Run. It must
	// not block.
	Bulletin func(bulletin []byte)

	ready     chan struct{}
	healthy   atomic.Bool
	lastEvent atomic.Int64
	lag       atomic.Int64
	heard     atomic.Int64
	moved     atomic.Int64
	stop      atomic.Pointer[context.CancelCauseFunc]
	reopens   atomic.Uint64
	gaps      atomic.Uint64
}

// NewPump makes a pump that stands still. It calls the followers in their order, the
// directories first, and then the hub.
func NewPump(feed port.Feed, hub *Hub, log *slog.Logger, followers ...Follower) *Pump {
	return &Pump{feed: feed, followers: followers, hub: hub, log: log, ready: make(chan struct{})}
}

func (p *Pump) each(call func(Follower)) {
	for _, one := range p.followers {
		call(one)
	}
}

// Run pumps until ctx ends, whatever befalls the feed. Call it once.
//
// A feed that breaks is opened again behind the last item. When that place is
// gone, it is opened at its present end, the followers forget what they know and
// the hub delivers a gap.
func (p *Pump) Run(ctx context.Context) {
	t := feedReader{Pump: p, since: time.Now(), recalls: recalls()}
	for ctx.Err() == nil {
		t.run(ctx)
		t.pause.wait(ctx)
	}
}

// Ready is closed when the feed was opened for the first time.
func (p *Pump) Ready() <-chan struct{} { return p.ready }

// Healthy reports whether the feed is open now.
func (p *Pump) Healthy() bool { return p.healthy.Load() }

// LastEventAt is when this process last received an event; zero before the
// first.
func (p *Pump) LastEventAt() time.Time { return instant(&p.lastEvent) }

// HeardAt is when the feed last told anything, heartbeats included; zero before
// that.
func (p *Pump) HeardAt() time.Time { return instant(&p.heard) }

// MovedAt is when the feed last told anything or advanced in silence, whichever is
// later; zero before that.
func (p *Pump) MovedAt() time.Time {
	if moved := instant(&p.moved); moved.After(p.HeardAt()) {
		return moved
	}
	return p.HeardAt()
}

// Lag is how old the newest event was when it came, by the clocks of this
// machine and of the one that made it; zero before the first.
func (p *Pump) Lag() time.Duration { return time.Duration(p.lag.Load()) }

func instant(nanos *atomic.Int64) time.Time {
	if n := nanos.Load(); n != 0 {
		return time.Unix(0, n)
	}
	return time.Time{}
}

// Reopen lets go of the present stream and opens the feed anew where it stands,
// for one that is open and tells nothing.
func (p *Pump) Reopen() {
	if stop := p.stop.Load(); stop != nil {
		(*stop)(errSilentFeed)
	}
}

// Reopens is how often the feed was opened again after it broke.
func (p *Pump) Reopens() uint64 { return p.reopens.Load() }

// Gaps is how often events were lost between two openings.
func (p *Pump) Gaps() uint64 { return p.gaps.Load() }
