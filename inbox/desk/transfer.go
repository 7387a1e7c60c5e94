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
		declared: s.run.the(inbox.ActionTransfer), asked: access.Asked{To: to},
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) { return s.transfer(ctx, t, to) },
	})
}

func (s *Service) transfer(ctx context.Context, t *attempt, to access.Owner) (access.Choice, error) {
	switch {
	case to.Agent != "":
		return access.Choice{}, targetRefused("memberId", inbox.TargetAIAgent, "A conversation cannot be transferred to an AI agent. Pick a member or a team.")
	case to.Member != "" && to.Member == t.By.Member():
		return access.Choice{}, targetRefused("memberId", inbox.TargetSelf, "You cannot transfer a conversation to yourself. Pick somebody else.")
	}
	if err := checkTarget(t.access, t.current, to, ownerField(to)); err != nil {
		return access.Choice{}, err
	}
	if to.Team == "" {
		if err := checkPresence(t.access, to.Member, "memberId"); err != nil {
			return access.Choice{}, err
		}
	}
	next, err := s.route.target(ctx, t, t.current.Kind, to)
	return access.Choice{To: next}, err
}
