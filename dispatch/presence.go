package dispatch

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

const (
	// serverTimeout is how long a server may not show itself before it is dead:
	// several of its beats.
	serverTimeout = 12 * time.Second
	// PresenceInterval is how often dead servers and lost members are searched for.
	PresenceInterval = 3 * time.Second
	// mostLost bounds the presences that one run ends.
	mostLost = 10_000
)

// PresenceMonitor sets members OFFLINE who have no connection left, and detects servers
// that died with their connections. B:P1.
type PresenceMonitor struct {
	presences cluster.Presences
	// end is asked of every presence that was lost.
	end func(ctx context.Context, presences cluster.Presences, p cluster.Presence) error
	// now is the clock by which presences are written.
	now func() time.Time
	// seen is when the beats of each server last moved, by this server's clock.
	seen map[string]lastHeartbeat
	pace pace
}

type lastHeartbeat struct {
	beats int64
	at    time.Time
}

// NewPresenceMonitor makes a PresenceMonitor that has seen no server yet.
func NewPresenceMonitor(presences cluster.Presences, end func(ctx context.Context, presences cluster.Presences, p cluster.Presence) error, now func() time.Time) *PresenceMonitor {
	return &PresenceMonitor{presences: presences, end: end, now: now, seen: map[string]lastHeartbeat{}, pace: newPace()}
}

// Duties are two, as there may be thousands of members of one dead server when a second
// one dies.
func (a *PresenceMonitor) Duties() []Duty {
	return []Duty{
		{Name: "find dead servers", Every: PresenceInterval, Alert: a.pace.servers, Do: a.expireServers},
		{Name: "end lost presences", Every: PresenceInterval, Alert: a.pace.losses, Do: a.endLost},
	}
}

// expireServers takes servers for dead that stood still. When is measured from the last
// time that they were seen to move, so a server that takes over the duty gives
// each of them the full time.
func (a *PresenceMonitor) expireServers(ctx context.Context) error {
	servers, err := a.presences.Servers(ctx)
	if err != nil {
		a.pace.several()
		return err
	}
	now := a.now()
	if !a.alone(servers, now) {
		a.pace.several()
	}
	for server := range a.seen {
		if _, there := servers[server]; !there {
			delete(a.seen, server)
		}
	}
	for server, beats := range servers {
		last, known := a.seen[server]
		switch {
		case !known || last.beats != beats:
			a.seen[server] = lastHeartbeat{beats, now}
		case now.Sub(last.at) < serverTimeout:
		default:
			if e := a.presences.ExpireServer(ctx, server, beats, last.at.UTC().Truncate(time.Millisecond)); !errors.Is(e, commit.ErrStale) {
				err = errors.Join(err, e)
			}
		}
	}
	return err
}

// alone reports whether the only server is one that lives: this one.
func (a *PresenceMonitor) alone(servers map[string]int64, now time.Time) bool {
	for server, beats := range servers {
		last, known := a.seen[server]
		if !known || last.beats == beats && now.Sub(last.at) >= 2*PresenceInterval {
			return false
		}
	}
	return len(servers) <= 1
}

// endLost ends presences that were lost long enough ago.
func (a *PresenceMonitor) endLost(ctx context.Context) error {
	lost, err := a.presences.LostPresences(ctx, a.now(), mostLost)
	if len(lost) > 0 || err != nil {
		a.pace.lost()
	}
	for _, p := range lost {
		err = errors.Join(err, a.end(ctx, a.presences, p))
		if ctx.Err() != nil {
			break
		}
	}
	return err
}
