package inbox

import (
	"context"
	"slices"
)

// Told is a notification with its event and conversation, as far as the member may
// see them.
type Told struct {
	Notification Notification
	Event        Event
	Conversation Conversation
	// InSight means that the member may see the conversation, which is as it is
	// now. Otherwise it is as the event left it, without messages.
	InSight bool
	Read    bool
}

// hearer resolves a caller who can be notified. It returns PERMISSION_DENIED for a
// caller who is not a member, or may see no conversation at all.
func (s *Service) hearer(ctx context.Context, p Principal) (Access, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return Access{}, err
	}
	return a, a.MayHear()
}

// MayHear gives PERMISSION_DENIED unless the caller can be notified.
func (a Access) MayHear() error {
	if a.Principal.Actor.Kind != ActorMember {
		return &Error{Code: PermissionDenied, Permission: "member", Message: "Only members are notified. Use the token of a member."}
	}
	return a.ViewsAny()
}

// Hears reports whether the caller is a recipient of n.
func (a Access) Hears(n Notification) bool {
	return !slices.Contains(n.Except, a.Member.ID) && slices.Contains(a.Audiences(), n.Audience)
}

// Tell returns n with the parts of e and of c, the conversation now, that the
// caller may see.
func (a Access) Tell(n Notification, e Event, c Conversation, marks ReadMarks) Told {
	t := Told{Notification: n, Event: e, Conversation: c, InSight: a.Sees(c), Read: n.Over || marks.Read(n)}
	if t.InSight {
		return t
	}
	if e.After != nil {
		t.Conversation = *e.After
	}
	t.Conversation.LastMessage, t.Event.Note, t.Event.Reason, t.Event.Messages = nil, "", "", nil
	return t
}

func (a Access) notificationQuery(page PageRequest) NotificationQuery {
	return NotificationQuery{Workspace: a.Principal.Workspace, Audiences: a.Audiences(), Member: a.Member.ID, Page: page}
}

// Notifications lists the caller's notifications, newest first. A lost permission
// takes away the notifications that depended on it.
func (s *Service) Notifications(ctx context.Context, p Principal, unreadOnly bool, page PageRequest) (Page[Told], error) {
	a, err := s.hearer(ctx, p)
	if err != nil {
		return Page[Told]{}, err
	}
	marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
	if err != nil {
		return Page[Told]{}, err
	}
	q := a.notificationQuery(page)
	if unreadOnly {
		q.Unread = &marks
	}
	found, err := s.store.ListNotifications(ctx, q)
	if err != nil {
		return Page[Told]{}, err
	}
	told, err := s.tell(ctx, a, found.Items, marks)
	return Page[Told]{Items: told, HasNext: found.HasNext, HasPrev: found.HasPrev}, err
}

// tell reads the events and conversations of the notifications, all at once.
func (s *Service) tell(ctx context.Context, a Access, all []Notification, marks ReadMarks) ([]Told, error) {
	var events []EventID
	var conversations []ConversationID
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
	var out []Told
	for _, n := range all {
		out = append(out, a.Tell(n, happened[n.Event], now[n.Conversation], marks))
	}
	return out, nil
}

// Notification finds one of the caller's notifications. NOT_FOUND for any other,
// and for one that was withdrawn.
func (s *Service) Notification(ctx context.Context, p Principal, id NotificationID) (Told, error) {
	a, err := s.hearer(ctx, p)
	if err != nil {
		return Told{}, err
	}
	found, err := s.heard(ctx, a, []NotificationID{id})
	switch {
	case err != nil:
		return Told{}, err
	case len(found) == 0:
		return Told{}, Missing("notification")
	}
	marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
	if err != nil {
		return Told{}, err
	}
	told, err := s.tell(ctx, a, found, marks)
	if err != nil {
		return Told{}, err
	}
	return told[0], nil
}

// heard returns those of ids that the caller is a recipient of.
func (s *Service) heard(ctx context.Context, a Access, ids []NotificationID) ([]Notification, error) {
	found, err := s.store.NotificationsByID(ctx, a.Principal.Workspace, ids)
	var out []Notification
	for _, id := range ids {
		if n, ok := found[id]; ok && a.Hears(n) {
			out = append(out, n)
		}
	}
	return out, err
}

// CountNotifications counts the notifications that Notifications lists, up to
// CountLimit.
func (s *Service) CountNotifications(ctx context.Context, p Principal, unreadOnly bool) (int, error) {
	a, err := s.hearer(ctx, p)
	if err != nil {
		return 0, err
	}
	q := a.notificationQuery(PageRequest{})
	if unreadOnly {
		marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
		if err != nil {
			return 0, err
		}
		q.Unread = &marks
	}
	return s.store.CountNotifications(ctx, q, CountLimit)
}
