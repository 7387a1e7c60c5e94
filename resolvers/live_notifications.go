package resolvers

import (
	"context"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/live"
)

// newsreader follows what one member is notified of.
type newsreader struct {
	stream *stream[*model.Notification]
	// keys are what is listened for, by the rights in directory.
	keys      []inbox.Key
	directory *inbox.Directory
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
	if err := s.access.MayHear(); err != nil {
		return nil, err
	}
	n := &newsreader{keys: s.access.NewsKeys()} // the first item looks whether these are still the rights
	if n.stream, _, err = open[*model.Notification](ctx, r, nil, n.keys...); err != nil {
		return nil, err
	}
	n.stream.tell = n.tell
	n.stream.start(ctx)
	return n.stream.out, nil
}

func (n *newsreader) tell(ctx context.Context, s *scope, item *live.Item) ([]*model.Notification, bool, error) {
	switch err := s.access.MayHear(); {
	case err != nil:
		return nil, false, err
	case item.Gap, !n.listen(s, item):
		n.stream.r.EndWithError(ctx, &inbox.Error{Code: inbox.Unavailable, Message: "Some notifications may have been missed. Subscribe again, then fetch the list."})
		return nil, false, nil
	}
	out, err := n.news(ctx, s, item.Event)
	return out, true, err
}

// listen hears by the rights of now. False when something that came since item
// may not have been heard.
func (n *newsreader) listen(s *scope, item *live.Item) bool {
	if s.access.Directory == n.directory {
		return true
	}
	n.directory = s.access.Directory
	keys := s.access.NewsKeys()
	if slices.Equal(keys, n.keys) {
		return true
	}
	n.keys = keys
	return n.stream.refile(keys...) <= n.stream.number
}

// news is what the caller is notified of by e: first what went away, then what is
// new.
func (n *newsreader) news(ctx context.Context, s *scope, e inbox.Event) (out []*model.Notification, err error) {
	gone, isGone := inbox.Withdrawn(e)
	isGone = isGone && slices.Contains(s.access.Audiences(), gone.Audience)
	fresh := slices.DeleteFunc(inbox.NotificationsOf(e), func(n inbox.Notification) bool { return !s.access.Hears(n) })
	if !isGone && len(fresh) == 0 {
		return nil, nil
	}
	if err := n.stream.lookNow(ctx, s, e); err != nil {
		return nil, err
	}
	now := n.stream.present(e)
	if isGone {
		shown := s.notification(s.access.Tell(gone, e, now, inbox.ReadMarks{}))
		shown.Gone = true
		out = append(out, shown)
	}
	for _, n := range fresh {
		out = append(out, s.notification(s.access.Tell(n, e, now, inbox.ReadMarks{})))
	}
	return out, nil
}
