package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

func filterOf(in *model.AssignmentEventFilter) (f follow.EventFilter, err error) {
	if in == nil {
		return f, nil
	}
	f.Kinds = in.Kinds
	if f.Conversations, err = idsOf[inbox.ConversationID]("filter.conversationIds", typeConversation, in.ConversationIds); err != nil {
		return f, err
	}
	if f.Teams, err = idsOf[workspace.TeamID]("filter.teamIds", typeTeam, in.TeamIds); err != nil {
		return f, err
	}
	f.Assignees, err = idsOf[workspace.MemberID]("filter.assigneeIds", typeMember, in.AssigneeIds)
	return f, err
}

func eventEdgeOf(_ context.Context, d delivered[follow.OwnershipChange]) (*model.AssignmentEventEdge, error) {
	out := &model.AssignmentEventEdge{Cursor: d.cursor, Gap: d.Gap != "", GapReason: gapReason(d.Gap)}
	if out.Gap {
		return out, nil
	}
	e := d.Body.Event
	shown := changed(d.scope, e, d.Body.Now)
	if !d.Body.Seen && !shown.open {
		shown = closed(*e.After) // it goes out of sight: who has it now may be known, and no more
	}
	out.Node = d.scope.event(e, shown)
	return out, nil
}

func inboxChangeOf(_ context.Context, d delivered[follow.ViewChange]) (*model.InboxChange, error) {
	out := &model.InboxChange{Cursor: d.cursor, Gap: d.Gap != "", GapReason: gapReason(d.Gap)}
	if out.Gap {
		return out, nil
	}
	c := d.Body
	id := ConversationID(c.Event.Conversation)
	out.Change, out.ConversationID, out.Reason = &c.Change, &id, optional(c.Reason)
	if c.Reason != access.LeftNoLongerPermitted {
		out.Conversation = d.scope.conversationIn(changed(d.scope, c.Event, c.Now))
	}
	return out, nil
}

// changed is the conversation of e as the caller may be shown it: as it is now, or
// without content as e left it.
func changed(s *scope, e inbox.Event, now inbox.Conversation) disclosed {
	if d := s.disclose(now); d.open {
		return d
	}
	return glimpsed(*e.After)
}

func conversationUpdateOf(_ context.Context, d delivered[follow.ConversationUpdate]) (*model.ConversationUpdate, error) {
	s, u := d.scope, d.Body
	out := &model.ConversationUpdate{
		Cursor: d.cursor, Gap: d.Gap != "", GapReason: gapReason(d.Gap), Conversation: s.conversation(u.Conversation), AccessLost: u.AccessLost,
	}
	if u.Past != nil {
		out.Snapshot = s.snapshot(*u.Past)
	}
	if u.Message != nil {
		out.Message = s.message(*u.Message, s.disclose(u.Conversation))
	}
	if u.Receipt != nil {
		out.Receipt = receiptOf(s, *u.Receipt, u.ReceivedAt, u.Conversation)
	}
	if u.Event != nil {
		out.Event = s.event(*u.Event, s.disclose(u.Conversation))
	}
	return out, nil
}

func liveNotificationOf(_ context.Context, d delivered[follow.Notification]) (*model.Notification, error) {
	out := d.scope.notification(d.Body.NotificationView)
	out.Gone = d.Body.Gone
	return out, nil
}
