package inbox

import "context"

// Assign gives a conversation to a member or a team. B:A1, B:A3, B:A5.
func (s *Service) Assign(ctx context.Context, p Principal, r Request, to Owner, note string) (Outcome, error) {
	note = seen(note)
	if err := checkLength("note", note, MaxNote); err != nil {
		return Outcome{}, err
	}
	return s.change(ctx, p, r, verb{
		name: "assign", args: []any{to, note}, note: note, panel: true,
		verdict: func(a Access, c Conversation) Verdict { return a.canGive(c, to) },
		apply:   func(ctx context.Context, t *turn) (Move, error) { return s.assign(ctx, t, to) },
	})
}

// assign makes the change that the panel asks for, which is that of another verb
// unless nobody owns the conversation. B:O1 to B:O5
func (s *Service) assign(ctx context.Context, t *turn, to Owner) (Move, error) {
	if to.Agent != "" {
		return Move{}, notHuman()
	}
	switch mine := t.access.held(to) == HeldByMe; {
	case mine && t.current.Assignee != to.Member:
		return TakeOver(t.current, t.Turn), nil // a claim where nobody owns
	case !mine && t.current.Owned():
		return s.transfer(ctx, t, to)
	}
	if err := t.access.checkTarget(t.current, to, to.field()); err != nil {
		return Move{}, err
	}
	if to.Team == "" {
		return Assign(t.current, to.Member, t.Turn), nil
	}
	chosen, err := s.chooseFor(ctx, t, t.current.Kind, to.Team)
	return AssignToTeam(t.current, to.Team, chosen, t.Turn), err
}

// Claim makes the caller the assignee of an unassigned conversation. B:A4.
func (s *Service) Claim(ctx context.Context, p Principal, r Request) (Outcome, error) {
	return s.change(ctx, p, r, verb{name: "claim", action: ActionClaim, apply: pure(Claim)})
}

// Unassign takes the assignee off. B:A6.
func (s *Service) Unassign(ctx context.Context, p Principal, r Request) (Outcome, error) {
	return s.change(ctx, p, r, verb{name: "unassign", action: ActionUnassign, apply: pure(Unassign)})
}

// Leave releases a conversation that the caller owns. B:L1.
func (s *Service) Leave(ctx context.Context, p Principal, r Request) (Outcome, error) {
	return s.change(ctx, p, r, verb{name: "leave", action: ActionLeave, apply: pure(Leave)})
}

// pure runs a verb that needs nothing but the conversation.
func pure(f func(Conversation, Turn) Move) func(context.Context, *turn) (Move, error) {
	return func(_ context.Context, t *turn) (Move, error) { return f(t.current, t.Turn), nil }
}

// field is the argument that names the owner.
func (o Owner) field() string {
	if o.Team != "" {
		return "teamId"
	}
	return "memberId"
}
