package dispatch

import (
	"bytes"
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
)

// beganMark is the bulletin of a server that begins. Those of others begin otherwise.
const beganMark = "server began"

// pace says when there may be a server that died, or a member whose connection was lost. A
// server that is the only one knows of each loss itself, as it writes it. One that begins
// tells the others. As long as there are two, one of which may die or lose somebody without
// the other's knowledge, both duties are done at their usual pace.
type pace struct{ servers, losses *Alert }

func newPace() pace {
	none := func(inbox.Event) time.Time { return time.Time{} }
	return pace{NewAlert(none), NewAlert(none)}
}

// raise has both duties done at once, and at their usual pace for a while.
func (p pace) raise() {
	p.servers.FeedBack()
	p.losses.FeedBack()
}

// several keeps both duties at their usual pace.
func (p pace) several() {
	p.servers.keep(time.Now().Add(afterLoss))
	p.losses.keep(time.Now().Add(afterLoss))
}

// lost keeps the usual pace for presences that were lost, which may come back.
func (p pace) lost() { p.losses.keep(time.Now().Add(2 * PresenceInterval)) }

// Apply does nothing: presences are in no event.
func (a *PresenceMonitor) Apply(inbox.Event) {}

// FeedLost has both duties done at their usual pace: a bulletin may be missed.
func (a *PresenceMonitor) FeedLost() { a.pace.raise() }

// FeedBack is FeedLost, for what was missed.
func (a *PresenceMonitor) FeedBack() { a.pace.raise() }

// Forget is FeedLost.
func (a *PresenceMonitor) Forget() { a.pace.raise() }

// Hear takes what the feed brought, and reports whether it was that a server began.
func (a *PresenceMonitor) Hear(bulletin []byte) bool {
	began := bytes.Equal(bulletin, []byte(beganMark))
	if began {
		a.pace.raise()
	}
	return began
}

// Presences are those that this server is to write through: the monitor knows of what is
// lost here, and the other servers hear by send that this one began. They find that out
// within QuietPause if it cannot be sent.
func (a *PresenceMonitor) Presences(send func(ctx context.Context, bulletin []byte) error) cluster.Presences {
	return told{a.presences, a, send}
}

type told struct {
	cluster.Presences
	monitor *PresenceMonitor
	send    func(ctx context.Context, bulletin []byte) error
}

// SavePresence is that of the store.
func (t told) SavePresence(ctx context.Context, p cluster.Presence) error {
	err := t.Presences.SavePresence(ctx, p)
	if !p.LostAt.IsZero() {
		t.monitor.pace.lost()
	}
	return err
}

// ServerHeartbeat is that of the store.
func (t told) ServerHeartbeat(ctx context.Context, server string, begin bool) error {
	err := t.Presences.ServerHeartbeat(ctx, server, begin)
	if begin && err == nil {
		_ = t.send(ctx, []byte(beganMark)) // see Presences
	}
	return err
}
