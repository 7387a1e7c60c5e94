package inbox

import (
	"context"
	"errors"
	"fmt"
)

// conclude commits m. Every ownership change goes through it: a member's verb,
// undo, a timer, the dispatch of a queue, a new conversation. Right before the
// commit it checks the result like an assignment, with the directory as this server
// knows it then. change carries the other parts of the commit. ErrAtCap asks for
// another attempt, because the member whom the rules chose may no longer own the
// conversation.
func (s *Service) conclude(ctx context.Context, t *turn, m Move, change Change) (Outcome, error) {
	if err := s.permit(ctx, t, &m); err != nil {
		if errors.Is(err, ErrAtCap) {
			s.lostChoice(t, m.After)
		}
		return Outcome{}, err
	}
	m.Event.Warnings = t.warn(m)
	s.notify(t.access, &m)
	s.seal(&m, t.current)
	if !change.Create {
		change.Guard.AwaitingReplySince = &t.current.AwaitingReplySince
	}
	change.Conversation, change.Event, change.Loads, change.Rotation = m.After, m.Event, t.loads(m), t.rotation
	err := s.commit(ctx, t, change)
	return Outcome{Conversation: *m.Event.After, Event: m.Event, Warnings: m.Event.Warnings}, err
}

// permit takes the directory as it is now, asks again whether the caller may do
// this when it changed, and settles m by it.
func (s *Service) permit(ctx context.Context, t *turn, m *Move) error {
	now, err := s.Access(ctx, t.access.Principal)
	if err != nil {
		return err
	}
	changed := now.Directory != t.access.Directory
	t.access, t.Rules = now, now.Rules()
	if changed && t.asked != nil {
		if err := t.asked(now); err != nil {
			return err
		}
	}
	return t.settle(m)
}

// settle makes the result of a step consistent with the directory: a conversation
// that is not closed never ends up with a member who may not own it, with a removed
// team, or with an AI agent that was removed. It refuses an owner or a team that
// the step itself names, and drops one that the step merely keeps.
func (t *turn) settle(m *Move) error {
	if err := t.settleTeam(m); err != nil {
		return err
	}
	if owner := m.After.CountsFor(); owner != "" && !t.access.mayOwn(owner, m.After.Kind) {
		if owner != m.Event.From.Assignee {
			return t.refuseOwner(m.After)
		}
		t.letOwnerGo(m)
	}
	if m.After.Status != Closed && m.After.Handler() == HandledByAI && t.access.Directory.Agents[m.After.OriginAgent].Removed {
		m.After.Ownership = m.After.withoutAgent(t.Turn)
	}
	if m.After.Ownership != m.Event.To {
		before := m.After
		before.Ownership = m.Event.From
		before.announce(m.Event.Kind, &m.After.Ownership, m.After.Version)
	}
	m.Event.To, m.Event.Epoch = m.After.Ownership, m.After.Epoch
	return nil
}

// settleTeam leaves out a removed team, unless the step gave the conversation to
// nobody else.
func (t *turn) settleTeam(m *Move) error {
	if !t.access.Directory.Teams[m.After.Team].Removed {
		return nil
	}
	if m.After.Assignee == "" && m.After.Status != Closed && m.After.Team != m.Event.From.Team {
		return noTeam("teamId")
	}
	m.After.Team = ""
	return nil
}

// letOwnerGo takes the conversation from an owner who may no longer own it.
func (t *turn) letOwnerGo(m *Move) {
	gone := m.After.Assignee
	m.After.Ownership = m.After.nobody(t.Turn)
	m.After.Left = m.Event.From.Status != Closed
	m.After.FormerAssignee = gone
	m.After.Epoch++
}

// refuseOwner returns the error for a step whose new owner may not own c. If no
// caller named the owner, another one is chosen.
func (t *turn) refuseOwner(c Conversation) error {
	switch {
	case c.Automatic, t.By.Kind == ActorContact, t.By.Kind == ActorSystem:
		return fmt.Errorf("the member chosen may not own the conversation any longer: %w", ErrAtCap)
	case c.Assignee == t.By.Member():
		return t.access.Refusal(c, t.access.lacks(c, PermReply, ScopeOwn))
	}
	return t.access.checkOwner(c.Kind, c.Assignee, "memberId")
}

// mayOwn reports whether a member is in the workspace and may own conversations
// of the kind.
func (a Access) mayOwn(id MemberID, kind Kind) bool {
	m, ok := a.Directory.Member(id)
	return ok && a.LiveAgent(m, kind)
}

// checkOwner gives the reason why a member cannot own conversations of the kind;
// field is the argument that names the member. B:A1, B:T2.
func (a Access) checkOwner(kind Kind, id MemberID, field string) error {
	m, ok := a.Directory.Member(id)
	switch {
	case !ok:
		return targetRefused(field, TargetNotMember, "There is no such member in the workspace. Pick one of its members.")
	case !a.LiveAgent(m, kind):
		return targetRefused(field, TargetNotLiveAgent, fmt.Sprintf("%s may not own conversations of this kind. Pick a member who may reply to them.", m.Name))
	}
	return nil
}

func noTeam(field string) *Error {
	return targetRefused(field, TargetNoTeam, "There is no such team in the workspace. Pick one of its teams.")
}
