package inbox

import "context"

// Transfer gives what the caller owns to another member or to a team. B:T1 to
// B:T5.
func (s *Service) Transfer(ctx context.Context, p Principal, r Request, to Owner, note string) (Outcome, error) {
	note = seen(note)
	if err := checkLength("note", note, MaxNote); err != nil {
		return Outcome{}, err
	}
	return s.change(ctx, p, r, verb{
		name: "transfer", args: []any{to, note}, note: note,
		verdict: func(a Access, c Conversation) Verdict { return a.canTransferTo(c, to) },
		apply:   func(ctx context.Context, t *turn) (Move, error) { return s.transfer(ctx, t, to) },
	})
}

func (s *Service) transfer(ctx context.Context, t *turn, to Owner) (Move, error) {
	switch {
	case to.Agent != "":
		return Move{}, targetRefused("memberId", TargetAIAgent, "A conversation cannot be transferred to an AI agent. Pick a member or a team.")
	case to.Member != "" && to.Member == t.By.Member():
		return Move{}, targetRefused("memberId", TargetSelf, "You cannot transfer a conversation to yourself. Pick somebody else.")
	}
	if err := t.access.checkTarget(t.current, to, to.field()); err != nil {
		return Move{}, err
	}
	if to.Team != "" {
		chosen, err := s.chooseFor(ctx, t, t.current.Kind, to.Team)
		return TransferToTeam(t.current, to.Team, chosen, t.Turn), err
	}
	return Transfer(t.current, to.Member, t.Turn), t.access.checkPresence(to.Member, "memberId")
}
