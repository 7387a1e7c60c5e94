package desk

import (
	"context"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Assign gives a conversation to a member or a team. B:A1, B:A3, B:A5.
func (s *Service) Assign(ctx context.Context, p inbox.Principal, r Request, to access.Owner, note string) (Outcome, error) {
	note = inbox.Visible(note)
	if err := inbox.CheckLength("note", note, inbox.MaxNote); err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, verb{
		name: "assign", args: []any{to, note}, note: note, panel: true,
		verdict: func(a access.Access, c inbox.Conversation) access.Verdict { return access.CanGive(a, c, to) },
		apply:   func(ctx context.Context, t *attempt) (inbox.Move, error) { return s.assign(ctx, t, to) },
	})
}

// assign makes the change that the panel asks for, which is that of another verb
// unless nobody owns the conversation. B:O1 to B:O5
func (s *Service) assign(ctx context.Context, t *attempt, to access.Owner) (inbox.Move, error) {
	if to.Agent != "" {
		return inbox.Move{}, notHuman()
	}
	switch mine := t.access.Held(to) == access.HeldByMe; {
	case mine && t.current.Assignee != to.Member:
		return inbox.TakeOver(t.current, t.Command), nil // a claim where nobody owns
	case !mine && t.current.Owned():
		return s.transfer(ctx, t, to)
	}
	if err := checkTarget(t.access, t.current, to, ownerField(to)); err != nil {
		return inbox.Move{}, err
	}
	if to.Team == "" {
		return inbox.Assign(t.current, to.Member, t.Command), nil
	}
	chosen, err := s.route.chooseFor(ctx, t, t.current.Kind, to.Team)
	return inbox.AssignToTeam(t.current, to.Team, chosen, t.Command), err
}

// Claim makes the caller the assignee of an unassigned conversation. B:A4.
func (s *Service) Claim(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.Do(ctx, p, r, access.VerbOf(inbox.ActionClaim))
}

// Unassign takes the assignee off. B:A6.
func (s *Service) Unassign(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.Do(ctx, p, r, access.VerbOf(inbox.ActionUnassign))
}

// Leave releases a conversation that the caller owns. B:L1.
func (s *Service) Leave(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.Do(ctx, p, r, access.VerbOf(inbox.ActionLeave))
}

// Do runs a verb that needs nothing but the conversation, as it is declared: Apply
// must be set.
func (s *Service) Do(ctx context.Context, p inbox.Principal, r Request, v access.Verb) (Outcome, error) {
	return s.run.change(ctx, p, r, verb{name: strings.ToLower(string(v.Action)), verdict: v.Judge, apply: pure(v.Apply)})
}

// pure runs a verb that needs nothing but the conversation.
func pure(f func(inbox.Conversation, inbox.Command) inbox.Move) func(context.Context, *attempt) (inbox.Move, error) {
	return func(_ context.Context, t *attempt) (inbox.Move, error) { return f(t.current, t.Command), nil }
}

// ownerField is the argument that names the owner.
func ownerField(o access.Owner) string {
	if o.Team != "" {
		return "teamId"
	}
	return "memberId"
}
