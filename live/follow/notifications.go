package follow

import (
	"context"
	"slices"
	"weak"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// ErrMissed ends a stream of notifications that may have missed some.
var ErrMissed error = &inbox.Error{Code: inbox.Unavailable, Message: "Some notifications may have been missed. Subscribe again, then fetch the list."}

// Notification is an item of Notifications. Gone is one that can no longer be claimed.
type Notification struct {
	notify.NotificationView
	Gone bool
}

// notifications follows what one member is notified of.
type notifications struct {
	*Stream[Notification]
	// facets are what is listened for, by the rights in directory.
	facets    []access.Facet
	directory weak.Pointer[workspace.Directory]
	digests   digests
}

// Notifications follows what the caller's list gains, and what it loses because it can
// no longer be claimed. It ends with ErrMissed when it cannot say. B:V7.
func (f *Streams) Notifications(ctx context.Context, r Request) (*Stream[Notification], error) {
	n := &notifications{}
	s, err := open[Notification](ctx, f, r, func(a access.Access) ([]access.Facet, error) {
		n.facets = notify.FacetsOf(a) // the first item looks whether these are still the rights
		return n.facets, notify.CanReceive(a)
	})
	if err != nil {
		return nil, err
	}
	n.Stream, s.emit = s, n.emit
	return s, nil
}

func (n *notifications) emit(ctx context.Context, item *feed.Item) error {
	switch err := notify.CanReceive(n.access); {
	case err != nil:
		return err
	case item.Gap, !n.listen():
		return ErrMissed
	}
	if err := n.notify(ctx, item.Event); err != nil {
		return err
	}
	return n.deliverDigests(ctx)
}

// listen subscribes by the rights of now. It is false when something that came since
// the present item may have been missed.
func (n *notifications) listen() bool {
	seen := weak.Make(n.access.Directory)
	if seen == n.directory {
		return true
	}
	n.directory = seen
	facets := notify.FacetsOf(n.access)
	if slices.Equal(facets, n.facets) {
		return true
	}
	n.facets = facets
	return n.resubscribe(facets...) <= n.number
}

// notify delivers what the caller is notified of by e: first what went away, then what
// is new.
func (n *notifications) notify(ctx context.Context, e inbox.Event) error {
	gone, isGone := notify.Gone(n.access, e)
	fresh := slices.DeleteFunc(inbox.NotificationsOf(e), func(one inbox.Notification) bool { return !notify.Receives(n.access, one) })
	if !isGone && len(fresh) == 0 {
		return nil
	}
	if err := n.loadCurrent(ctx, e); err != nil {
		return err
	}
	if isGone {
		n.tell(Notification{n.view(gone, e), true})
	}
	for _, one := range fresh {
		n.tell(Notification{n.view(one, e), false})
	}
	return nil
}

// tell delivers a notification of one event, and keeps a digest for later.
func (n *notifications) tell(one Notification) {
	if one.Notification.IsDigest() {
		n.digests.keep(one.NotificationView)
		return
	}
	n.push(one)
}

func (n *notifications) view(one inbox.Notification, e inbox.Event) notify.NotificationView {
	return notify.ViewOf(n.access, one, e, n.present(e), notify.ReadMarks{})
}
