package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

type updates = []*model.ConversationUpdate

// follower follows one conversation for one caller.
type follower struct {
	stream *stream[*model.ConversationUpdate]
	// last is the conversation as the last event left it, now as it is: the stream
	// begins by reading a state that missed events come before.
	last, now inbox.Conversation
	// begun is the version that the stream began by reading, which the caller sees.
	begun int
	// passed is why something was passed over since the last item; empty for nothing.
	passed live.GapReason
	// queuePosition is followed for a contact who waits.
	queuePosition queuePositionState
}

// conversationUpdates follows one conversation until the caller may no longer
// see it. B:V7, B:V8.
func (r *Resolver) conversationUpdates(ctx context.Context, global string, after *string) (<-chan *model.ConversationUpdate, error) {
	id, err := idOf[inbox.ConversationID]("id", typeConversation, global)
	if err != nil {
		return nil, err
	}
	st, s, err := open[*model.ConversationUpdate](ctx, r, after)
	if err != nil {
		return nil, err
	}
	c, err := r.Inbox.Reader.Conversation(ctx, s.access.Principal, id)
	if err != nil {
		return nil, err
	}
	f := &follower{stream: st, last: c, now: c, begun: c.Version}
	st.emit = f.emit
	st.start(ctx)
	return st.out, nil
}

func (f *follower) emit(ctx context.Context, s *scope, item *live.Item) (updates, bool, error) {
	e := item.Event
	switch {
	case item.Gap:
		return f.reload(ctx, s, item)
	case e.ID == "":
		return f.look(ctx, s, item)
	case e.Type == inbox.DirectoryEvent:
		return f.rights(s, item)
	case e.Conversation != f.last.ID:
		f.queuePosition.observe(f.last, e)
		return nil, true, nil
	}
	f.advance(e)
	f.queuePosition.sent = 0
	switch {
	case s.access.Sees(f.last):
		return f.show(s, item), true, nil
	case f.last.Version < f.begun: // it was out of sight for a while, and came back
		f.passed = live.GapUnseen
		return nil, true, nil
	}
	return f.lost(s, item), false, nil
}

// advance goes on to the state after an event. An ownership change is told even
// when the stream began by reading a newer state, which nobody was shown. A
// message does not move the version, and may have been written beside an
// ownership change that came first.
func (f *follower) advance(e inbox.Event) {
	f.now = f.now.Advanced(e)
	after := *e.After
	if e.Type == inbox.OwnershipEvent || after.Version >= f.last.Version {
		f.last = after
		return
	}
	if !after.LastActivityAt.Before(f.last.LastActivityAt) {
		f.last.LastMessage, f.last.LastActivityAt = after.LastMessage, after.LastActivityAt
	}
}

// reload shows the conversation as it is, after changes that cannot be told.
func (f *follower) reload(ctx context.Context, s *scope, item *live.Item) (updates, bool, error) {
	c, err := s.service.Reader.Conversation(ctx, s.access.Principal, f.last.ID)
	refused := inbox.CodeOf(err) == inbox.PermissionDenied || inbox.CodeOf(err) == inbox.AccessLost
	if err != nil && !refused {
		return nil, false, err // asked again while the database is away
	}
	f.last, f.now = c, c
	if refused {
		return f.lost(s, item), false, nil
	}
	f.passed = item.Reason
	return updates{f.update(s, item)}, true, nil
}

// rights looks again after a change of roles, teams, rules or plan.
func (f *follower) rights(s *scope, item *live.Item) (updates, bool, error) {
	if s.access.Sees(f.last) {
		return nil, true, nil
	}
	return f.lost(s, item), false, nil
}

// lost is the last item: it shows who has the conversation now, and no message.
func (f *follower) lost(s *scope, item *live.Item) updates {
	u := f.update(s, item)
	u.AccessLost = true
	u.Event = f.event(s, item.Event)
	return updates{u}
}

// show tells of the change and its messages: one item, and one more for each
// message beyond the first.
func (f *follower) show(s *scope, item *live.Item) (out updates) {
	defer func() {
		for _, u := range out {
			u.Snapshot = s.snapshotOf(item.Event, f.last)
		}
	}()
	for _, m := range item.Event.Messages {
		if m.Internal && s.isContact() {
			continue
		}
		u := f.update(s, item)
		u.Message = s.message(m, s.disclose(f.now))
		out = append(out, u)
	}
	told := item.Event.Type == inbox.OwnershipEvent || item.Event.Type == inbox.ContactEvent && !s.isContact()
	if len(out) == 0 && told {
		out = updates{f.update(s, item)}
	}
	if len(out) > 0 {
		out[0].Event = f.event(s, item.Event)
	}
	return out
}

func (f *follower) update(s *scope, item *live.Item) *model.ConversationUpdate {
	u := &model.ConversationUpdate{
		Cursor: f.stream.cursor(item.Position), Gap: f.passed != "", GapReason: f.stream.gapped(f.passed), Conversation: s.conversation(f.now),
	}
	f.passed = ""
	return u
}

// event shows an ownership change to whoever may know of it: not to contacts.
func (f *follower) event(s *scope, e inbox.Event) *model.AssignmentEvent {
	if e.Type != inbox.OwnershipEvent || s.isContact() {
		return nil
	}
	return s.event(e, s.disclose(f.now))
}

func (s *scope) isContact() bool { return s.access.Principal.Actor.Kind == workspace.ActorContact }
