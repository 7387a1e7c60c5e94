package access

import (
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// TransfersByOffer reports whether a transfer is offered, by rule transferAcceptance where
// the request does not say it. above means that the rule asks for more than the plan
// includes, so that each transfer happens at once, whether or not the request wants that. B:T6
func TransfersByOffer(a Access, wanted *bool) (offered, above bool) {
	if wanted != nil && *wanted {
		return true, false
	}
	by := a.Rules().FeatureOfAcceptance()
	included := a.Includes(by).Allowed
	return wanted == nil && by != "" && included, !included
}

// canOffer is for a transfer that has to be accepted: the right to transfer, and the plan.
func canOffer(a Access, c inbox.Conversation, r Asked) Verdict {
	v := canTransfer(a, c, r)
	if v.Reason == DeniedByPlan {
		return v
	}
	if plan := a.Includes(workspace.FeatureOffers); !plan.Allowed {
		return plan
	}
	return v
}

// offerOf is the offer that a request names, and whether it is open.
func offerOf(c inbox.Conversation, r Asked) (o inbox.Offer, open bool) {
	if r.Offer.ID == "" || r.Offer.ID == c.Offer.ID {
		return c.Offer, c.Offer.Open()
	}
	return r.Offer, false // another one has taken its place
}

// canDecline is for whoever an offer asks: the member, or who may claim in the team. Who
// was asked and is no longer is told how it ended, also when the conversation is out of
// sight by now. B:T6
func canDecline(a Access, c inbox.Conversation, r Asked) Verdict {
	o, open := offerOf(c, r)
	switch {
	case wasAsked(a, c, o) && !(open && isAsked(a, c, o)):
		return Refuse(DeniedByState, inbox.OfferSettled)
	case open && isAsked(a, c, o):
		return Allow()
	}
	if open && o.Claimable() && IsOffered(a, c) && !a.owns(c) {
		return permitClaimIn(a, c, o.Team)
	}
	return noPartOf(a, c, o)
}

// canAccept is canDecline for who may own the conversation. B:T6
func canAccept(a Access, c inbox.Conversation, r Asked) Verdict {
	v := canDecline(a, c, r)
	if v.Allowed && !a.isLiveAgent(c.Kind) {
		return a.Lacks(c, workspace.PermReply, workspace.ScopeOwn)
	}
	return v
}

// canWithdraw is for the sender, for who made the offer, and for who may assign any
// conversation of the kind. B:T6
func canWithdraw(a Access, c inbox.Conversation, r Asked) Verdict {
	o, open := offerOf(c, r)
	mine := o.ID != "" && (o.By == a.Principal.Actor || isMember(a) && o.Sender == a.Member.ID)
	switch {
	case !mine && (o.ID == "" || !a.Sees(c)):
		return noPartOf(a, c, o)
	case !mine && !a.manages(c.Kind):
		return a.Lacks(c, workspace.PermAssign, workspace.ScopeAll)
	case open:
		return Allow()
	}
	return Refuse(DeniedByState, inbox.OfferSettled)
}

// noPartOf is the refusal for who neither made an offer nor is asked by it.
func noPartOf(a Access, c inbox.Conversation, o inbox.Offer) Verdict {
	switch {
	case !a.Sees(c):
		return canView(a, c)
	case o.ID == "":
		return Refuse(DeniedByState, inbox.OfferSettled).because(CaseNoOffer)
	}
	v := Refuse(DeniedByPermission, inbox.PermissionDenied)
	v.Permission = "target"
	return v.because(CaseOfferedToOther)
}

func isMember(a Access) bool { return a.Principal.Actor.Kind == workspace.ActorMember }

// isAsked reports whether an open offer asks the caller now.
func isAsked(a Access, c inbox.Conversation, o inbox.Offer) bool {
	if !isMember(a) || !a.Sees(c) {
		return false
	}
	return o.Member == a.Member.ID || o.Claimable() && !o.DeclinedBy(a.Member.ID) && claimsIn(a, c, o.Team)
}

// wasAsked reports whether an offer asked the caller at some time.
func wasAsked(a Access, c inbox.Conversation, o inbox.Offer) bool {
	if !isMember(a) || o.ID == "" {
		return false
	}
	toAll := o.Team != "" && len(o.Asked) == 0 && o.Round > 0 && o.Sender != a.Member.ID
	return o.Member == a.Member.ID || slices.Contains(o.Asked, a.Member.ID) || o.DeclinedBy(a.Member.ID) || toAll && claimsIn(a, c, o.Team)
}

// claimsIn reports whether the caller could claim c if it waited for team, and is not its
// owner.
func claimsIn(a Access, c inbox.Conversation, team workspace.TeamID) bool {
	if a.owns(c) {
		return false
	}
	return slices.Contains(a.Member.Teams, team) && permitClaimIn(a, c, team).Allowed
}

// permitClaimIn is the verdict of plan and permission on claiming c if it waited for team.
func permitClaimIn(a Access, c inbox.Conversation, team workspace.TeamID) Verdict {
	c.Assignee, c.Team = "", team
	relation := a.Relation(c)
	if v := a.Permit(c, workspace.PermClaim, relation); !v.Allowed {
		return v
	}
	return a.Permit(c, workspace.PermReply, relation)
}

// MayClaimIn reports whether the caller, who is in the team, may claim conversations of a kind
// that wait for it: those are asked by an offer to all of the team. B:T6
func MayClaimIn(a Access, kind workspace.Kind, team workspace.TeamID) bool {
	c := inbox.Conversation{Workspace: a.Principal.Workspace, Kind: kind}
	return isMember(a) && slices.Contains(a.Member.Teams, team) && permitClaimIn(a, c, team).Allowed
}

// ShowsOffer reports whether the caller may be shown an offer of c: who sees c as a person
// of the workspace does, and who made the offer or was asked by it.
func ShowsOffer(a Access, c inbox.Conversation, o inbox.Offer) bool {
	if a.Principal.Actor.Kind == workspace.ActorContact {
		return false
	}
	return a.Sees(c) || wasAsked(a, c, o) || isMember(a) && (o.Sender == a.Member.ID || o.By == a.Principal.Actor)
}

// OfferTargetAbsent reports whether the member whom an open offer asks is OFFLINE, or none of
// all whom it asks is there to accept it. B:T6
func OfferTargetAbsent(a Access, c inbox.Conversation) bool {
	if c.Offer.Claimable() {
		return !OthersAccept(a, c)
	}
	m, ok := a.Directory.Member(c.Offer.Member)
	return c.Offer.Open() && ok && m.Absent()
}

// OthersAccept reports whether a member other than the caller could accept the open offer of
// c, which asks all of a team: one who is asked and may, and is not OFFLINE. B:T6
func OthersAccept(a Access, c inbox.Conversation) bool {
	for _, m := range a.Directory.Members {
		by := workspace.Actor{Kind: workspace.ActorMember, ID: string(m.ID)}
		if m.Absent() || !slices.Contains(m.Teams, c.Offer.Team) || by == a.Principal.Actor {
			continue
		}
		other, err := a.ActingAs(inbox.Principal{Workspace: c.Workspace, Actor: by})
		if err == nil && canAccept(other, c, Asked{}).Allowed {
			return true
		}
	}
	return false
}

// isLapsed is for offers whose time is over, or whose target is OFFLINE.
func isLapsed(a Access, c inbox.Conversation, r Asked) Verdict {
	return allowIf(c.Offer.Open() && (over(c.Offer.ExpiresAt, r.At) || OfferTargetAbsent(a, c)), inbox.OfferSettled)
}

// CauseOfLapse is what isLapsed found: the timer, or else an absent target.
func CauseOfLapse(c inbox.Conversation, now time.Time) inbox.OfferEndCause {
	if over(c.Offer.ExpiresAt, now) {
		return inbox.OfferEndedByTimer
	}
	return inbox.OfferTargetOffline
}

// isForfeited is for offers that nobody may accept, or that nobody may have made.
func isForfeited(a Access, c inbox.Conversation, _ Asked) Verdict {
	return allowIf(OfferForfeit(a, c) != "", inbox.OfferSettled)
}

// OfferForfeit is why an open offer ends because rights were lost: the target may not own
// the conversation any more or left the team, the team was removed, or the maker may not
// transfer conversations of the kind; empty while it stands. A lower plan alone ends no
// offer. B:T6
func OfferForfeit(a Access, c inbox.Conversation) inbox.OfferEndCause {
	o, top := c.Offer, onHighestPlan(a)
	target, there := a.Directory.Member(o.Member)
	maker, known := a.Directory.Member(o.By.Member())
	switch {
	case !o.Open():
		return ""
	case o.Team != "" && a.Directory.Teams[o.Team].Removed,
		o.Member != "" && !(there && top.LiveAgent(target, c.Kind)),
		o.Member != "" && o.Team != "" && !slices.Contains(target.Teams, o.Team):
		return inbox.OfferTargetNotPermitted
	case o.By.Member() != "" && !(known && top.scopeOf(maker.Roles, c.Kind, workspace.PermTransfer) > workspace.ScopeNone):
		return inbox.OfferSenderNotPermitted
	}
	return ""
}
