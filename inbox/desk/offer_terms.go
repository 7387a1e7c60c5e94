package desk

import (
	"context"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// OfferWish is what a transfer says about its acceptance. B:T6
type OfferWish struct {
	// Offer makes an offer, or none, whatever rule transferAcceptance says; nil follows
	// the rule.
	Offer *bool
	// Timeout is for how long the offer stands: rule offerTimeout bounds it, and zero is that
	// long.
	Timeout time.Duration
}

// CheckOfferTimeout gives INVALID_INPUT for a time for which no offer stands.
func CheckOfferTimeout(d time.Duration) error {
	return inbox.CheckSeconds("offerTimeout", d, time.Second, workspace.MaxOfferTimeout)
}

func (w OfferWish) check(t *attempt) error {
	offered, above := access.TransfersByOffer(t.access, w.Offer)
	byRule, _ := access.TransfersByOffer(t.access, nil)
	manages := t.access.Scope(t.current.Kind, workspace.PermAssign) == workspace.ScopeAll
	switch {
	case w.Timeout != 0 && !offered && (!above || w.Offer != nil):
		return inbox.Invalid("offerTimeout", "offerTimeout goes with an offer only. Leave it out, or give offer: true.")
	case w.Timeout != 0 && CheckOfferTimeout(w.Timeout) != nil:
		return CheckOfferTimeout(w.Timeout)
	case !offered && byRule && !manages:
		e := access.Denied(workspace.Permission{Kind: t.current.Kind, Action: workspace.PermAssign, Scope: workspace.ScopeAll}.String())
		e.Message = "In this workspace the target has to accept a transfer. Leave offer out, or ask somebody who may assign any conversation."
		return e
	}
	return nil
}

// terms decides whom an offer asks first. B:T6
func (s *Service) terms(ctx context.Context, t *attempt, to access.Owner, wish OfferWish) (inbox.OfferTerms, error) {
	terms := inbox.OfferTerms{ID: inbox.OfferID(s.base.NewID()), Member: to.Member, Team: to.Team, Timeout: t.Rules.OfferTimeout}
	if wish.Timeout != 0 {
		terms.Timeout = min(wish.Timeout, terms.Timeout)
	}
	switch {
	case to.Team == "":
		return terms, nil
	case isPool(t, to.Team):
		offered := t.current
		offered.Offer = inbox.Offer{Team: to.Team, Status: inbox.OfferOpen}
		terms.Nobody = !access.OthersAccept(t.access, offered)
		return terms, nil
	}
	var err error
	terms.Member, err = s.route.ask(ctx, t, to.Team, t.current.Assignee)
	terms.Nobody = terms.Member == ""
	return terms, err
}

// isPool reports whether the members of a team take conversations themselves.
func isPool(t *attempt, team workspace.TeamID) bool {
	method, _ := access.MethodFor(t.access, team)
	return t.Rules.TeamTarget == workspace.TeamTargetPool || method == workspace.Voluntary || !t.Rules.Routes(t.current.Kind)
}

// ask chooses the member of a team whom an offer asks, leaving out some; empty when nobody
// can be asked. Others may wait for the team: an offer has no place behind them where it could
// wait, so that it asks whoever is free.
func (s *router) ask(ctx context.Context, t *attempt, team workspace.TeamID, except ...workspace.MemberID) (workspace.MemberID, error) {
	t.passesLine = true
	chosen, err := s.choose(ctx, t, t.current.Kind, team, except...)
	if chosen == "" && err == nil && t.lost >= maxLostChoices {
		return "", commit.TooBusy() // somebody is free
	}
	return chosen, err
}

// askNext chooses who is asked after one who did not accept: never one who was asked
// before, and empty after rule offerRounds. B:T6
func (s *router) askNext(ctx context.Context, t *attempt) (workspace.MemberID, error) {
	o := t.current.Offer
	if o.Team == "" || o.Member == "" || o.Round >= t.Rules.OfferRounds || t.access.Directory.Teams[o.Team].Removed {
		return "", nil
	}
	return s.ask(ctx, t, o.Team, append(slices.Clone(o.Asked), t.current.Assignee)...)
}
