package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/notify"
)

func (r *Resolver) notifications(ctx context.Context, unreadOnly bool, args pageArgs) (*model.NotificationConnection, error) {
	s := scopeOf(ctx)
	l := r.notificationList(s.access.Principal)
	page, err := args.request(l)
	if err != nil {
		return nil, err
	}
	found, err := r.Inbox.Notify.Notifications(ctx, s.access.Principal, unreadOnly, page)
	if err != nil {
		return nil, err
	}
	out := &model.NotificationConnection{UnreadOnly: unreadOnly}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(t notify.NotificationView) string { return l.placed(t.Notification.PageCursor()) }, s.notification,
		func(at string, n *model.Notification) *model.NotificationEdge {
			return &model.NotificationEdge{Cursor: at, Node: n}
		})
	return out, nil
}

// notificationList has one order whether read ones are in it or not, so that a
// cursor of either can be marked as read.
func (r *Resolver) notificationList(p inbox.Principal) list {
	return r.listOf(p.Workspace, "notifications", p.Actor)
}

// notification converts a notification of the caller.
func (s *scope) notification(t notify.NotificationView) *model.Notification {
	n, about := t.Notification, disclosed{t.Conversation, t.Visible}
	out := &model.Notification{
		ID: GlobalID(typeNotification, n.ID), Kind: n.Kind, Conversation: s.conversationIn(about),
		Actor: s.actor(n.Actor, about), At: n.At, Read: t.Read, Claimable: n.Claimable, BulkID: optional(bulkID(n.Bulk)), Count: n.Count, Snapshot: s.snapshotOf(t.Event, t.Conversation),
	}
	if t.Event.Type == inbox.OwnershipEvent {
		out.Event = s.event(t.Event, about)
	}
	if m, ok := n.Message(t.Event); ok {
		out.Message = s.message(m, about)
	}
	return out
}

func (r *Resolver) markNotificationsRead(ctx context.Context, in model.MarkNotificationsReadInput) (*model.MarkNotificationsReadPayload, error) {
	s := scopeOf(ctx)
	read, err := r.reading(s.access.Principal, in)
	if err == nil {
		err = r.Inbox.Notify.MarkNotificationsRead(ctx, s.access.Principal, read)
	}
	refused, ok := s.userErrors(ctx, err)
	if !ok {
		return nil, err
	}
	if notify.CanReceive(s.access) != nil {
		return &model.MarkNotificationsReadPayload{UserErrors: refused}, nil
	}
	unread, err := r.Inbox.Notify.CountNotifications(ctx, s.access.Principal, true)
	return &model.MarkNotificationsReadPayload{UnreadCount: unread, UserErrors: refused}, err
}

// reading takes one of the three ways to name the notifications that were read.
func (r *Resolver) reading(p inbox.Principal, in model.MarkNotificationsReadInput) (out notify.Reading, err error) {
	given := 0
	for _, is := range []bool{in.Ids != nil, in.UpTo != nil, value(in.All)} {
		if is {
			given++
		}
	}
	if given != 1 {
		return out, inbox.Invalid("input", "Give one of ids, upTo and all: true.")
	}
	if out.IDs, err = idsOf[inbox.NotificationID]("ids", typeNotification, in.Ids); err != nil {
		return out, err
	}
	out.All = value(in.All)
	out.UpTo, err = r.notificationList(p).position("upTo", in.UpTo)
	return out, err
}
