package desk

import (
	"context"
	"errors"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// conclude commits m. Every ownership change goes through it: a member's verb,
// undo, a timer, the dispatch of a queue, a new conversation. Right before the
// commit it checks the result like an assignment, with the directory as this server
// knows it then. change carries the other parts of the commit. ErrAtCap asks for
// another attempt, because the member whom the rules chose may no longer own the
// conversation.
func (s *runner) conclude(ctx context.Context, t *attempt, m inbox.Move, change commit.Change) (Outcome, error) {
	change, err := s.concluded(ctx, t, m, change)
	if errors.Is(err, errKeepsNobody) {
		err = s.releaseFirst(ctx, t)
	}
	if err != nil {
		return Outcome{}, err
	}
	err = s.commit(ctx, t, change)
	if err == nil && change.Event.To.Automatic && change.Event.To.Assignee != change.Event.From.Assignee {
		s.takeFromDeserter(ctx, t.access, *change.Event.After)
	}
	return Outcome{Conversation: *change.Event.After, Event: change.Event, Warnings: change.Event.Warnings}, err
}

// concluded is the change that conclude commits.
func (s *runner) concluded(ctx context.Context, t *attempt, m inbox.Move, change commit.Change) (commit.Change, error) {
	if err := s.permit(ctx, t, &m); err != nil {
		if errors.Is(err, commit.ErrAtCap) {
			s.route.lostChoice(t, m.After)
		}
		return commit.Change{}, err
	}
	m.Event.Warnings = t.warn(m)
	s.notify(t.access, &m)
	s.base.Seal(&m, t.current)
	if !change.Create {
		change.Guard.AwaitingReplySince = &t.current.AwaitingReplySince
	}
	change.Conversation, change.Event, change.Loads, change.Rotation = m.After, m.Event, t.loads(m), t.rotation
	return change, nil
}

// permit takes the directory as it is now, asks again whether the caller may do
// this when it changed, and settles m by it.
func (s *runner) permit(ctx context.Context, t *attempt, m *inbox.Move) error {
	now, err := s.callers.Access(ctx, t.access.Principal)
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
// the step itself names, and drops a team that the step merely keeps. An owner whom it
// keeps is released first, as whoever may own no longer; a reopening, which brings one
// back, drops that one.
func (t *attempt) settle(m *inbox.Move) error {
	if err := t.settleTeam(m); err != nil {
		return err
	}
	if err := t.settleTarget(m); err != nil {
		return err
	}
	if owner := m.After.Assignee; owner != "" && m.After.Status != inbox.Closed && !t.access.MayOwn(owner, m.After.Kind) {
		if owner != m.Event.From.Assignee {
			return t.refuseOwner(m.After)
		}
		if m.Event.From.Status != inbox.Closed {
			return errKeepsNobody
		}
		t.letOwnerGo(m)
	}
	if m.After.Status != inbox.Closed && m.After.Handler() == inbox.HandledByAI && t.access.Directory.Agents[m.After.OriginAgent].Removed {
		m.After.Ownership = m.After.WithoutAgent(t.Command)
	}
	if m.After.Ownership != m.Event.To {
		before := m.After
		before.Ownership = m.Event.From
		before.Announce(m.Event.Kind, &m.After.Ownership, m.After.Version, t.Bulk)
	}
	m.SettleOffer(t.Command)
	m.Event.To, m.Event.Epoch = m.After.Ownership, m.After.Epoch
	return nil
}

// settleTarget refuses an offer to a member who may not own the conversation any longer; if
// the rules chose the member, another one is chosen.
func (t *attempt) settleTarget(m *inbox.Move) error {
	o := m.After.Offer
	asks := o.Open() && !o.Same(t.current.Offer)
	switch {
	case !asks || o.Member == "" || t.access.MayOwn(o.Member, m.After.Kind):
		return nil
	case o.Team != "":
		return fmt.Errorf("the member asked may not own the conversation any longer: %w", commit.ErrAtCap)
	}
	return checkOwner(t.access, m.After.Kind, o.Member, "memberId")
}

// settleTeam leaves out a removed team, unless the step gave the conversation to
// nobody else.
func (t *attempt) settleTeam(m *inbox.Move) error {
	if !t.access.Directory.Teams[m.After.Team].Removed {
		return nil
	}
	if m.After.Assignee == "" && m.After.Status != inbox.Closed && m.After.Team != m.Event.From.Team {
		return noTeam("teamId")
	}
	m.After.Team = ""
	return nil
}

// letOwnerGo gives a conversation that is reopened to nobody: its owner of before may no
// longer own it.
func (t *attempt) letOwnerGo(m *inbox.Move) {
	gone := m.After.Assignee
	m.After.Ownership = m.After.Nobody(t.Command)
	m.After.Left = false
	m.After.FormerAssignee = gone
	m.After.Epoch++
}

// refuseOwner returns the error for a step whose new owner may not own c. If no
// caller named the owner, another one is chosen.
func (t *attempt) refuseOwner(c inbox.Conversation) error {
	switch {
	case c.Automatic, t.By.Kind == workspace.ActorContact, t.By.Kind == workspace.ActorSystem:
		return fmt.Errorf("the member chosen may not own the conversation any longer: %w", commit.ErrAtCap)
	case c.Assignee == t.By.Member():
		return t.access.Refusal(c, t.access.Lacks(c, workspace.PermReply, workspace.ScopeOwn))
	}
	return checkOwner(t.access, c.Kind, c.Assignee, "memberId")
}

// checkOwner gives the reason why a member cannot own conversations of the kind;
// field is the argument that names the member. B:A1, B:T2.
func checkOwner(a access.Access, kind workspace.Kind, id workspace.MemberID, field string) error {
	m, ok := a.Directory.Member(id)
	switch {
	case !ok:
		return targetRefused(field, inbox.TargetNotMember, "There is no such member in the workspace. Pick one of its members.")
	case !a.LiveAgent(m, kind):
		return targetRefused(field, inbox.TargetNotLiveAgent, fmt.Sprintf("%s may not own conversations of this kind. Pick a member who may reply to them.", m.Name))
	}
	return nil
}

func noTeam(field string) *inbox.Error {
	return targetRefused(field, inbox.TargetNoTeam, "There is no such team in the workspace. Pick one of its teams.")
}
