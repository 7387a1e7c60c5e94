package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Transfer gives what the caller owns to another member or to a team. B:T1 to
// B:T5.
func (s *Service) Transfer(ctx context.Context, p inbox.Principal, r Request, to access.Owner, note string) (Outcome, error) {
	return s.TransferAs(ctx, p, r, to, note, OfferWish{})
}

// TransferAs is Transfer for a request that says whether the transfer is offered.
func (s *Service) TransferAs(
	ctx context.Context, p inbox.Principal, r Request, to access.Owner, note string, wish OfferWish,
) (Outcome, error) {
	v, err := s.transferring(to, note, wish)
	if err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, v)
}

// transferring is the verb of TransferAs. INVALID_INPUT for a note that is too long.
func (s *Service) transferring(to access.Owner, note string, wish OfferWish) (verb, error) {
	note = inbox.Visible(note)
	args := []any{to, note}
	if wish != (OfferWish{}) {
		args = append(args, wish)
	}
	return verb{
		name: "transfer", args: args, note: note, asked: access.Asked{To: to},
		declared: func(a access.Access, _ inbox.Conversation) access.Verb { return s.transferVerb(a, wish) }, toward: recipient(to),
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) { return s.transfer(ctx, t, to, wish) },
	}, inbox.CheckLength("note", note, inbox.MaxNote)
}

// transferVerb is the declaration of a transfer: that of an offer where it is offered.
func (s *Service) transferVerb(a access.Access, wish OfferWish) access.Verb {
	if offered, _ := access.TransfersByOffer(a, wish.Offer); offered {
		return s.run.declared(access.StepOffer)
	}
	return s.run.declared(inbox.ActionTransfer)
}

// transfer decides the next owner, or the terms of the offer.
func (s *Service) transfer(ctx context.Context, t *attempt, to access.Owner, wish OfferWish) (access.Choice, error) {
	offered, above := access.TransfersByOffer(t.access, wish.Offer)
	if err := checkTransfer(t, to, s.transferVerb(t.access, wish).Action); err != nil {
		return access.Choice{}, err
	}
	if err := wish.check(t); err != nil {
		return access.Choice{}, err
	}
	if above {
		t.warnings = append(t.warnings, inbox.WarnAcceptanceAbovePlan)
	}
	if offered {
		terms, err := s.terms(ctx, t, to, wish)
		return access.Choice{Offer: terms}, err
	}
	next, err := s.route.target(ctx, t, t.current.Kind, to)
	return access.Choice{To: next}, err
}

// checkTransfer gives the reason why the conversation cannot be transferred, or offered, to
// to.
func checkTransfer(t *attempt, to access.Owner, by inbox.Action) error {
	switch {
	case to.Agent != "":
		return targetRefused("memberId", inbox.TargetAIAgent, "A conversation cannot be transferred to an AI agent. Pick a member or a team.")
	case to.Member != "" && to.Member == t.By.Member():
		return targetRefused("memberId", inbox.TargetSelf, "You cannot transfer a conversation to yourself. Pick somebody else.")
	}
	if err := checkTarget(t.access, t.current, to, ownerField(to)); err != nil || to.Team != "" {
		return err
	}
	return checkPresence(t, to.Member, by)
}
