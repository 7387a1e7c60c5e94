package inbox

import "context"

// find loads a conversation of the caller's workspace. For a contact there is
// no other than its own, and that only while its token holds. B:V8.
func (s *Service) find(ctx context.Context, p Principal, id ConversationID) (Conversation, error) {
	if p.Actor.Kind == ActorContact && id != p.Conversation {
		return Conversation{}, Missing("conversation")
	}
	c, err := s.store.Conversation(ctx, p.Workspace, id)
	if err == nil && !p.holds(c) {
		return Conversation{}, tokenRevoked()
	}
	return c, err
}

// Conversation finds a conversation that the caller may see. NOT_FOUND if it does
// not exist in the workspace, PERMISSION_DENIED if the caller may not see it,
// ACCESS_LOST for its former owner.
func (s *Service) Conversation(ctx context.Context, p Principal, id ConversationID) (Conversation, error) {
	a, c, err := s.look(ctx, p, id)
	if err != nil {
		return Conversation{}, err
	}
	return c, s.lostAccess(ctx, a, id, a.Refusal(c, a.Can(c, ActionView)))
}

// ConversationsByID finds several conversations of the caller's workspace at once,
// also those that the caller may not see: ask Access.Shows before one is shown. Ids
// that do not exist have no entry.
func (s *Service) ConversationsByID(ctx context.Context, p Principal, ids []ConversationID) (map[ConversationID]Conversation, error) {
	return s.store.Conversations(ctx, p.Workspace, ids)
}

// look resolves the caller and loads a conversation, whether the caller may see
// it or not.
func (s *Service) look(ctx context.Context, p Principal, id ConversationID) (Access, Conversation, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return Access{}, Conversation{}, err
	}
	c, err := s.find(ctx, p, id)
	return a, c, err
}

// Conversations lists a view of the conversations that the caller may see. B:V1.
func (s *Service) Conversations(ctx context.Context, p Principal, v View, o Order, page PageRequest) (Page[Conversation], error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return Page[Conversation]{}, err
	}
	r, err := s.reach(ctx, a, v)
	if err != nil {
		return Page[Conversation]{}, err
	}
	return s.store.ListConversations(ctx, ConversationQuery{Workspace: p.Workspace, View: v, Reach: r, Order: o, Page: page})
}

// CountLimit bounds how far a total is counted.
const CountLimit = 1_000

// Count counts a view of the conversations that the caller may see, up to
// CountLimit.
func (s *Service) Count(ctx context.Context, p Principal, v View) (int, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return 0, err
	}
	r, err := s.reach(ctx, a, v)
	if err != nil {
		return 0, err
	}
	return s.store.CountConversations(ctx, ConversationQuery{Workspace: p.Workspace, View: v, Reach: r}, CountLimit)
}

// Messages lists the messages of a conversation, oldest first, and returns the
// conversation as it is now, by which it decides whether the caller may read
// them. Errors are those of Conversation. A contact sees no internal messages.
func (s *Service) Messages(ctx context.Context, p Principal, id ConversationID, page PageRequest) (Page[Message], Conversation, error) {
	c, err := s.Conversation(ctx, p, id)
	if err != nil {
		return Page[Message]{}, Conversation{}, err
	}
	found, err := s.store.ListMessages(ctx, MessageQuery{
		Workspace: p.Workspace, Conversation: c.ID, PublicOnly: p.Actor.Kind == ActorContact, Page: page,
	})
	return found, c, err
}

// History lists the ownership events of a conversation, newest first, and
// returns the conversation as it is now. Errors are those of Conversation, and
// PERMISSION_DENIED for a contact. B:V2.
func (s *Service) History(ctx context.Context, p Principal, id ConversationID, limit, before int) (Page[Event], Conversation, error) {
	c, err := s.Conversation(ctx, p, id)
	if err != nil {
		return Page[Event]{}, Conversation{}, err
	}
	if p.Actor.Kind == ActorContact {
		return Page[Event]{}, Conversation{}, denied(Permission{c.Kind, PermView, ScopeOwn}.String())
	}
	page, err := s.store.ListHistory(ctx, HistoryQuery{Workspace: p.Workspace, Conversation: c.ID, Limit: limit, Before: before})
	return page, c, err
}

// QueuePosition returns 1 for the conversation that waits longest in its queue;
// ok is false for one that does not wait. c is the conversation as it is now,
// which the caller may see. B:Q7.
func (s *Service) QueuePosition(ctx context.Context, c Conversation) (position int, ok bool, err error) {
	if !c.Waiting() {
		return 0, false, nil
	}
	position, err = s.store.QueuePosition(ctx, c)
	return position, err == nil, err
}

// Event finds an ownership event of a conversation that the caller may see,
// and the conversation.
func (s *Service) Event(ctx context.Context, p Principal, id EventID) (Event, Conversation, error) {
	e, err := s.store.Event(ctx, p.Workspace, id)
	if err != nil {
		return Event{}, Conversation{}, err
	}
	if e.Type != OwnershipEvent || p.Actor.Kind == ActorContact {
		return Event{}, Conversation{}, Missing("event")
	}
	c, err := s.Conversation(ctx, p, e.Conversation)
	return e, c, err
}

// Message finds a message of a conversation that the caller may see, and the
// conversation.
func (s *Service) Message(ctx context.Context, p Principal, id MessageID) (Message, Conversation, error) {
	m, err := s.store.Message(ctx, p.Workspace, id)
	if err != nil {
		return Message{}, Conversation{}, err
	}
	if m.Internal && p.Actor.Kind == ActorContact {
		return Message{}, Conversation{}, Missing("message")
	}
	c, err := s.Conversation(ctx, p, m.Conversation)
	return m, c, err
}

// Assignable finds a conversation whose next owner the caller may name: plan and
// permission allow at least one change of its owner. B:A2.
func (s *Service) Assignable(ctx context.Context, p Principal, id ConversationID) (Conversation, error) {
	a, c, err := s.look(ctx, p, id)
	if err != nil {
		return Conversation{}, err
	}
	for _, row := range OwnershipChanges() {
		if row.Before == a.holder(c) && row.namesOwner() && !a.canChange(c, row).byPolicy() {
			return c, nil
		}
	}
	return Conversation{}, a.Refusal(c, a.Can(c, ActionAssign))
}

// Loads gives the load of members of the caller's workspace.
func (s *Service) Loads(ctx context.Context, p Principal, ids []MemberID) (map[MemberID]Load, error) {
	return s.store.Loads(ctx, p.Workspace, ids)
}

// Contacts finds contacts of conversations that the caller may see.
func (s *Service) Contacts(ctx context.Context, p Principal, ids []ContactID) (map[ContactID]Contact, error) {
	return s.store.Contacts(ctx, p.Workspace, ids)
}
