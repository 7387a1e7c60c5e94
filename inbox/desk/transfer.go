package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Transfer gives what the caller owns to another member or to a team. B:T1 to
// B:T5.
func (s *Service) Transfer(ctx context.Context, p inbox.Principal, r Request, to access.Owner, note string) (Outcome, error) {
	note = inbox.Visible(note)
	if err := inbox.CheckLength("note", note, inbox.MaxNote); err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, verb{
		name: "transfer", args: []any{to, note}, note: note,
		verdict: func(a access.Access, c inbox.Conversation) access.Verdict { return access.CanTransferTo(a, c, to) },
		apply:   func(ctx context.Context, t *attempt) (inbox.Move, error) { return s.transfer(ctx, t, to) },
	})
}

func (s *Service) transfer(ctx context.Context, t *attempt, to access.Owner) (inbox.Move, error) {
	switch {
	case to.Agent != "":
		return inbox.Move{}, targetRefused("memberId", inbox.TargetAIAgent, "A conversation cannot be transferred to an AI agent. Pick a member or a team.")
	case to.Member != "" && to.Member == t.By.Member():
		return inbox.Move{}, targetRefused("memberId", inbox.TargetSelf, "You cannot transfer a conversation to yourself. Pick somebody else.")
	}
	if err := checkTarget(t.access, t.current, to, ownerField(to)); err != nil {
		return inbox.Move{}, err
	}
	if to.Team != "" {
		chosen, err := s.route.chooseFor(ctx, t, t.current.Kind, to.Team)
		return inbox.TransferToTeam(t.current, to.Team, chosen, t.Command), err
	}
	return inbox.Transfer(t.current, to.Member, t.Command), checkPresence(t.access, to.Member, "memberId")
}
