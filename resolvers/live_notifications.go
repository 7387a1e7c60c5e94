package resolvers

import (
	"context"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// notificationStream follows what one member is notified of.
type notificationStream struct {
	stream *stream[*model.Notification]
	// keys are what is listened for, by the rights in directory.
	keys      []access.Facet
	directory *workspace.Directory
}

// liveNotifications tells the caller what the list gains, and what it loses
// because it can no longer be claimed. B:V7.
func (r *Resolver) liveNotifications(ctx context.Context) (<-chan *model.Notification, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	s, err := newScope(ctx, r.Inbox, p)
	if err != nil {
		return nil, err
	}
	if err := notify.CanReceive(s.access); err != nil {
		return nil, err
	}
	n := &notificationStream{keys: notify.FacetsOf(s.access)} // the first item looks whether these are still the rights
	if n.stream, _, err = open[*model.Notification](ctx, r, nil, n.keys...); err != nil {
		return nil, err
	}
	n.stream.emit = n.emit
	n.stream.start(ctx)
	return n.stream.out, nil
}

func (n *notificationStream) emit(ctx context.Context, s *scope, item *live.Item) ([]*model.Notification, bool, error) {
	switch err := notify.CanReceive(s.access); {
	case err != nil:
		return nil, false, err
	case item.Gap, !n.subscribe(s, item):
		n.stream.r.EndWithError(ctx, &inbox.Error{Code: inbox.Unavailable, Message: "Some notifications may have been missed. Subscribe again, then fetch the list."})
		return nil, false, nil
	}
	out, err := n.notifications(ctx, s, item.Event)
	return out, true, err
}

// subscribe hears by the rights of now. False when something that came since item
// may not have been heard.
func (n *notificationStream) subscribe(s *scope, item *live.Item) bool {
	if s.access.Directory == n.directory {
		return true
	}
	n.directory = s.access.Directory
	keys := notify.FacetsOf(s.access)
	if slices.Equal(keys, n.keys) {
		return true
	}
	n.keys = keys
	return n.stream.resubscribe(keys...) <= n.stream.number
}

// notifications is what the caller is notified of by e: first what went away, then what is
// new.
func (n *notificationStream) notifications(ctx context.Context, s *scope, e inbox.Event) (out []*model.Notification, err error) {
	gone, isGone := inbox.Withdrawn(e)
	isGone = isGone && slices.Contains(notify.Audiences(s.access), gone.Audience)
	fresh := slices.DeleteFunc(inbox.NotificationsOf(e), func(n inbox.Notification) bool { return !notify.Receives(s.access, n) })
	if !isGone && len(fresh) == 0 {
		return nil, nil
	}
	if err := n.stream.loadCurrent(ctx, s, e); err != nil {
		return nil, err
	}
	now := n.stream.present(e)
	if isGone {
		shown := s.notification(notify.ViewOf(s.access, gone, e, now, notify.ReadMarks{}))
		shown.Gone = true
		out = append(out, shown)
	}
	for _, n := range fresh {
		out = append(out, s.notification(notify.ViewOf(s.access, n, e, now, notify.ReadMarks{})))
	}
	return out, nil
}
