package notify

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// NotificationView is a notification with its event and conversation, as far as the member may
// see them.
type NotificationView struct {
	Notification inbox.Notification
	Event        inbox.Event
	Conversation inbox.Conversation
	// Visible means that the member may see the conversation, which is as it is
	// now. Otherwise it is as the event left it, without messages.
	Visible bool
	Read    bool
}

// notificationRecipient resolves a caller who can be notified. It returns PERMISSION_DENIED for a
// caller who is not a member, or may see no conversation at all.
func (s *Service) notificationRecipient(ctx context.Context, p inbox.Principal) (access.Access, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return access.Access{}, err
	}
	return a, CanReceive(a)
}

// CanReceive gives PERMISSION_DENIED unless the caller can be notified.
func CanReceive(a access.Access) error {
	if a.Principal.Actor.Kind != workspace.ActorMember {
		return &inbox.Error{Code: inbox.PermissionDenied, Permission: "member", Message: "Only members are notified. Use the token of a member."}
	}
	return a.ViewsAny()
}

// Receives reports whether the caller is a recipient of n.
func Receives(a access.Access, n inbox.Notification) bool {
	return !slices.Contains(n.Except, a.Member.ID) && slices.Contains(Audiences(a), n.Audience)
}

// Gone returns the notification that e takes away from the caller, together with everybody
// who has it or from the caller alone, as the actor of e; ok is false for none.
func Gone(a access.Access, e inbox.Event) (n inbox.Notification, ok bool) {
	if n, ok = inbox.Withdrawn(e); !ok {
		n, ok = inbox.TakenBack(e)
		ok = ok && e.Actor == a.Principal.Actor
	}
	return n, ok && slices.Contains(Audiences(a), n.Audience)
}

// ViewOf returns n with the parts of e and of c, the conversation now, that the
// caller may see.
func ViewOf(a access.Access, n inbox.Notification, e inbox.Event, c inbox.Conversation, marks ReadMarks) NotificationView {
	t := NotificationView{Notification: n, Event: e, Conversation: c, Visible: a.Sees(c), Read: n.Over || marks.Read(n)}
	if t.Visible {
		return t
	}
	if e.After != nil {
		t.Conversation = *e.After
	}
	t.Conversation.LastMessage, t.Event.Note, t.Event.Reason, t.Event.Messages = nil, "", "", nil
	return t
}

func notificationQuery(a access.Access, page inbox.PageRequest) NotificationQuery {
	return NotificationQuery{Workspace: a.Principal.Workspace, Audiences: Audiences(a), Member: a.Member.ID, Page: page}
}

// Notifications lists the caller's notifications, newest first. A lost permission
// takes away the notifications that depended on it.
func (s *Service) Notifications(ctx context.Context, p inbox.Principal, unreadOnly bool, page inbox.PageRequest) (inbox.Page[NotificationView], error) {
	a, err := s.notificationRecipient(ctx, p)
	if err != nil {
		return inbox.Page[NotificationView]{}, err
	}
	marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
	if err != nil {
		return inbox.Page[NotificationView]{}, err
	}
	q := notificationQuery(a, page)
	if unreadOnly {
		q.Unread = &marks
	}
	found, err := s.store.ListNotifications(ctx, q)
	if err != nil {
		return inbox.Page[NotificationView]{}, err
	}
	told, err := s.viewNotifications(ctx, a, found.Items, marks)
	return inbox.Page[NotificationView]{Items: told, HasNext: found.HasNext, HasPrev: found.HasPrev}, err
}

// viewNotifications reads the events and conversations of the notifications, all at once.
func (s *Service) viewNotifications(ctx context.Context, a access.Access, all []inbox.Notification, marks ReadMarks) ([]NotificationView, error) {
	var events []inbox.EventID
	var conversations []inbox.ConversationID
	for _, n := range all {
		events, conversations = append(events, n.Event), append(conversations, n.Conversation)
	}
	happened, err := s.store.Events(ctx, a.Principal.Workspace, events)
	if err != nil {
		return nil, err
	}
	now, err := s.store.Conversations(ctx, a.Principal.Workspace, conversations)
	if err != nil {
		return nil, err
	}
	var out []NotificationView
	for _, n := range all {
		out = append(out, ViewOf(a, n, happened[n.Event], now[n.Conversation], marks))
	}
	return out, nil
}

// Notification finds one of the caller's notifications. NOT_FOUND for any other,
// and for one that was withdrawn.
func (s *Service) Notification(ctx context.Context, p inbox.Principal, id inbox.NotificationID) (NotificationView, error) {
	found, err := s.NotificationsByID(ctx, p, []inbox.NotificationID{id})
	if err != nil {
		return NotificationView{}, err
	}
	if v, ok := found[id]; ok {
		return v, nil
	}
	return NotificationView{}, inbox.Missing("notification")
}

// NotificationsByID finds several of the caller's notifications. Others, and those that
// were withdrawn, have no entry.
func (s *Service) NotificationsByID(
	ctx context.Context, p inbox.Principal, ids []inbox.NotificationID,
) (map[inbox.NotificationID]NotificationView, error) {
	a, err := s.notificationRecipient(ctx, p)
	if err != nil {
		return nil, err
	}
	found, err := s.received(ctx, a, ids)
	if err != nil {
		return nil, err
	}
	marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
	if err != nil {
		return nil, err
	}
	views, err := s.viewNotifications(ctx, a, found, marks)
	out := make(map[inbox.NotificationID]NotificationView, len(views))
	for _, v := range views {
		out[v.Notification.ID] = v
	}
	return out, err
}

// received returns those of ids that the caller is a recipient of.
func (s *Service) received(ctx context.Context, a access.Access, ids []inbox.NotificationID) ([]inbox.Notification, error) {
	found, err := s.store.NotificationsByID(ctx, a.Principal.Workspace, ids)
	var out []inbox.Notification
	for _, id := range ids {
		if n, ok := found[id]; ok && Receives(a, n) {
			out = append(out, n)
		}
	}
	return out, err
}

// CountNotifications counts the notifications that Notifications lists, up to
// CountLimit.
func (s *Service) CountNotifications(ctx context.Context, p inbox.Principal, unreadOnly bool) (int, error) {
	a, err := s.notificationRecipient(ctx, p)
	if err != nil {
		return 0, err
	}
	q := notificationQuery(a, inbox.PageRequest{})
	if unreadOnly {
		marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
		if err != nil {
			return 0, err
		}
		q.Unread = &marks
	}
	return s.store.CountNotifications(ctx, q, commit.CountLimit)
}
