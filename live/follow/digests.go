package follow

import (
	"context"
	"maps"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/notify"
)

// A digest changes with each event of its call. It is delivered betweenDigests after a
// change, as it is stored then, so that 500 events are a few items; and at once if there
// are mostDigests.
const (
	betweenDigests = 300 * time.Millisecond
	mostDigests    = 64
)

// digests are those that changed since they were delivered, as the event that changed them
// shows them, and whether a time is set for their delivery.
type digests struct {
	changed map[inbox.NotificationID]notify.NotificationView
	timed   bool
}

// keep notes that a digest changed.
func (d *digests) keep(one notify.NotificationView) {
	if d.changed == nil {
		d.changed = map[inbox.NotificationID]notify.NotificationView{}
	}
	d.changed[one.Notification.ID] = one
}

// deliverDigests delivers the digests whose time has come.
func (n *notifications) deliverDigests(ctx context.Context) error {
	waiting := len(n.digests.changed)
	switch {
	case waiting == 0:
		return nil
	case waiting < mostDigests && n.pause == nil && !n.digests.timed:
		n.rest(betweenDigests)
		n.digests.timed = true
		return nil
	case waiting < mostDigests && n.pause != nil:
		return nil
	}
	ids := slices.Sorted(maps.Keys(n.digests.changed))
	stored, err := n.Notified(ctx, n.request.Principal, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		now, there := stored[id]
		if !there {
			now = n.digests.changed[id]
		}
		n.push(Notification{now, !there})
	}
	n.digests, n.pause = digests{}, nil
	return nil
}
