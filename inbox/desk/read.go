package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Conversation finds a conversation that the caller may see. NOT_FOUND if it does
// not exist in the workspace, PERMISSION_DENIED if the caller may not see it,
// ACCESS_LOST for its former owner.
func (s *Reader) Conversation(ctx context.Context, p inbox.Principal, id inbox.ConversationID) (inbox.Conversation, error) {
	a, c, err := s.base.Look(ctx, p, id)
	if err != nil {
		return inbox.Conversation{}, err
	}
	return c, s.run.lostAccess(ctx, a, id, a.Refusal(c, a.Can(c, inbox.ActionView)))
}

// ConversationsByID finds several conversations of the caller's workspace at once,
// also those that the caller may not see: ask Access.Shows before one is shown. Ids
// that do not exist have no entry.
func (s *Reader) ConversationsByID(ctx context.Context, p inbox.Principal, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	return s.store.Conversations(ctx, p.Workspace, ids)
}

// Conversations lists a view of the conversations that the caller may see. B:V1.
func (s *Reader) Conversations(ctx context.Context, p inbox.Principal, v access.View, o access.Order, page inbox.PageRequest) (inbox.Page[inbox.Conversation], error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return inbox.Page[inbox.Conversation]{}, err
	}
	r, err := s.shelf.Reach(ctx, a, v)
	if err != nil {
		return inbox.Page[inbox.Conversation]{}, err
	}
	return s.store.ListConversations(ctx, access.ConversationQuery{Workspace: p.Workspace, View: v, Visibility: r, Order: o, Page: page})
}

// Count counts a view of the conversations that the caller may see, up to
// CountLimit.
func (s *Reader) Count(ctx context.Context, p inbox.Principal, v access.View) (int, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return 0, err
	}
	r, err := s.shelf.Reach(ctx, a, v)
	if err != nil {
		return 0, err
	}
	return s.CountUpTo(ctx, p.Workspace, v, r, commit.CountLimit)
}

// Messages lists the messages of a conversation, oldest first, and returns the
// conversation as it is now, by which it decides whether the caller may read
// them. Errors are those of Conversation. A contact sees no internal messages.
func (s *Reader) Messages(ctx context.Context, p inbox.Principal, id inbox.ConversationID, page inbox.PageRequest) (inbox.Page[inbox.Message], inbox.Conversation, error) {
	c, err := s.Conversation(ctx, p, id)
	if err != nil {
		return inbox.Page[inbox.Message]{}, inbox.Conversation{}, err
	}
	found, err := s.store.ListMessages(ctx, MessageQuery{
		Workspace: p.Workspace, Conversation: c.ID, PublicOnly: p.Actor.Kind == workspace.ActorContact, Page: page,
	})
	return found, c, err
}

// History lists the ownership events of a conversation, newest first, and
// returns the conversation as it is now. Errors are those of Conversation, and
// PERMISSION_DENIED for a contact. B:V2.
func (s *Reader) History(ctx context.Context, p inbox.Principal, id inbox.ConversationID, limit, before int) (inbox.Page[inbox.Event], inbox.Conversation, error) {
	c, err := s.Conversation(ctx, p, id)
	if err != nil {
		return inbox.Page[inbox.Event]{}, inbox.Conversation{}, err
	}
	if p.Actor.Kind == workspace.ActorContact {
		return inbox.Page[inbox.Event]{}, inbox.Conversation{}, access.Denied(workspace.Permission{Kind: c.Kind, Action: workspace.PermView, Scope: workspace.ScopeOwn}.String())
	}
	page, err := s.store.ListHistory(ctx, HistoryQuery{Workspace: p.Workspace, Conversation: c.ID, Limit: limit, Before: before})
	return page, c, err
}

// QueuePosition returns 1 for the conversation that waits longest in its queue;
// ok is false for one that does not wait. c is the conversation as it is now,
// which the caller may see. B:Q7.
func (s *Reader) QueuePosition(ctx context.Context, c inbox.Conversation) (position int, ok bool, err error) {
	if !c.Waiting() {
		return 0, false, nil
	}
	position, err = s.store.QueuePosition(ctx, c)
	return position, err == nil, err
}

// Event finds an ownership event of a conversation that the caller may see,
// and the conversation.
func (s *Reader) Event(ctx context.Context, p inbox.Principal, id inbox.EventID) (inbox.Event, inbox.Conversation, error) {
	e, err := s.store.Event(ctx, p.Workspace, id)
	if err != nil {
		return inbox.Event{}, inbox.Conversation{}, err
	}
	if e.Type != inbox.OwnershipEvent || p.Actor.Kind == workspace.ActorContact {
		return inbox.Event{}, inbox.Conversation{}, inbox.Missing("event")
	}
	c, err := s.recorded(ctx, p, e.Conversation, e.Kind == inbox.EventClosed)
	if inbox.IsNotFound(err) {
		err = inbox.Missing("event")
	}
	return e, c, err
}

// Message finds a message of a conversation that the caller may see, and the
// conversation.
func (s *Reader) Message(ctx context.Context, p inbox.Principal, id inbox.MessageID) (inbox.Message, inbox.Conversation, error) {
	m, err := s.store.Message(ctx, p.Workspace, id)
	if err != nil {
		return inbox.Message{}, inbox.Conversation{}, err
	}
	if m.Internal && p.Actor.Kind == workspace.ActorContact {
		return inbox.Message{}, inbox.Conversation{}, inbox.Missing("message")
	}
	c, err := s.recorded(ctx, p, m.Conversation, !m.Internal)
	if inbox.IsNotFound(err) {
		err = inbox.Missing("message")
	}
	return m, c, err
}

// recorded is Conversation for one record of it, which an API key is shown that only feeds
// the conversation if the log shows it: NOT_FOUND if not.
func (s *Reader) recorded(
	ctx context.Context, p inbox.Principal, id inbox.ConversationID, toFeeders bool,
) (inbox.Conversation, error) {
	c, refused := s.Conversation(ctx, p, id)
	if p.Actor.Kind != workspace.ActorPartner || inbox.CodeOf(refused) != inbox.PermissionDenied {
		return c, refused
	}
	a, c, err := s.base.Look(ctx, p, id)
	switch {
	case err != nil:
		return c, err
	case !access.Feeds(a, c).Allowed:
		return c, refused
	case !toFeeders:
		return c, inbox.Missing("conversation")
	}
	return c, nil
}

// MessagesByID finds several messages of the caller's workspace at once, also those that
// the caller may not see: it is for messages that are shown already, to complete what is
// shortened. Ids that do not exist have no entry.
func (s *Reader) MessagesByID(
	ctx context.Context, p inbox.Principal, ids []inbox.MessageID,
) (map[inbox.MessageID]inbox.Message, error) {
	return s.store.Messages(ctx, p.Workspace, ids)
}

// Assignable finds a conversation whose next owner the caller may name: plan and
// permission allow at least one change of its owner. B:A2.
func (s *Reader) Assignable(ctx context.Context, p inbox.Principal, id inbox.ConversationID) (inbox.Conversation, error) {
	a, c, err := s.base.Look(ctx, p, id)
	if err != nil {
		return inbox.Conversation{}, err
	}
	for _, row := range access.OwnershipChanges() {
		if row.Before == a.Holder(c) && row.NamesOwner() && !access.CanChange(a, c, row).ByPolicy() {
			return c, nil
		}
	}
	return inbox.Conversation{}, a.Refusal(c, a.Can(c, inbox.ActionAssign))
}

// Loads gives the load of members of the caller's workspace.
func (s *Reader) Loads(ctx context.Context, p inbox.Principal, ids []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	return s.store.Loads(ctx, p.Workspace, ids)
}
