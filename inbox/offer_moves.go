package inbox

import (
	"slices"
	"time"

	"switchboard/inbox/workspace"
)

// OfferTerms are those of an offer that is made.
type OfferTerms struct {
	ID OfferID
	// Member is who is asked; empty for all who may claim in Team, or for nobody if
	// Nobody is set.
	Member workspace.MemberID
	Team   workspace.TeamID
	// Nobody means that no member of the team can be asked.
	Nobody bool
	// Timeout is how long each of those who are asked has.
	Timeout time.Duration
}

// MakeOffer offers c to a member or a team. Its owner stays. With nobody to ask the offer
// lapses at once, by rule offerExhausted. B:T6
func MakeOffer(c Conversation, terms OfferTerms, t Command) Move {
	o := Offer{
		ID: terms.ID, Workspace: c.Workspace, Conversation: c.ID, Sender: c.Assignee, By: t.By, Member: terms.Member, Team: terms.Team,
		Note: t.Note, Status: OfferOpen, Round: 1, Timeout: terms.Timeout, OfferedAt: t.At, ExpiresAt: t.At.Add(terms.Timeout),
		Bulk: t.Bulk,
	}
	if o.Member != "" {
		o.Asked = []workspace.MemberID{o.Member}
	}
	if terms.Nobody {
		o.Round, o.ExpiresAt = 0, t.At
		return c.exhausted(EventOfferExpired, o.ended(OfferExpired, OfferTargetOffline, t), t)
	}
	return c.offerStep(EventOffered, c.Ownership, o, t)
}

// AcceptOffer makes the actor the owner of what was offered. It is a transfer. B:T6
func AcceptOffer(c Conversation, t Command) Move {
	o := c.Offer
	to := c.owner(t.By.Member(), t, false)
	if o.Team != "" {
		to.Team = o.Team
	}
	m := c.move(EventTransferred, to, t)
	if o.Member == "" {
		o.Member = t.By.Member()
	}
	m.After.Offer = o.ended(OfferAccepted, OfferEndedByTarget, t)
	return m
}

// DeclineOffer passes the offer to next. Without next it ends, unless it asks all of a team
// and others of them can accept it: then it ends for the actor alone. t carries the reason
// and its code. B:T6
func DeclineOffer(c Conversation, next workspace.MemberID, others bool, t Command) Move {
	switch {
	case next != "":
		return c.passOn(next, t)
	case others && c.Offer.Claimable():
		o := c.Offer
		o.Declined = append(slices.Clone(o.Declined), t.By.Member())
		return c.offerStep(EventOfferPassedOn, c.Ownership, o, t)
	}
	o := c.Offer.ended(OfferDeclined, OfferEndedByTarget, t)
	o.Reason, o.ReasonCode = t.Reason, t.ReasonCode
	return c.exhausted(EventOfferDeclined, o, t)
}

// WithdrawOffer takes the offer back. B:T6
func WithdrawOffer(c Conversation, t Command) Move {
	return c.offerStep(EventOfferWithdrawn, c.Ownership, c.Offer.ended(OfferWithdrawn, OfferEndedByPerson, t), t)
}

// ExpireOffer passes an offer that nobody answered to next, or ends it if next is empty.
// B:T6
func ExpireOffer(c Conversation, next workspace.MemberID, cause OfferEndCause, t Command) Move {
	if next != "" {
		return c.passOn(next, t)
	}
	return c.exhausted(EventOfferExpired, c.Offer.ended(OfferExpired, cause, t), t)
}

// EndOffer ends an offer whose target or maker lost the right to it. B:T6
func EndOffer(c Conversation, cause OfferEndCause, t Command) Move {
	return c.offerStep(EventOfferSuperseded, c.Ownership, c.Offer.ended(OfferSuperseded, cause, t), t)
}

func (c Conversation) passOn(next workspace.MemberID, t Command) Move {
	o := c.Offer
	o.Member, o.Asked, o.Round = next, append(slices.Clone(o.Asked), next), o.Round+1
	o.ExpiresAt, o.Bulk = t.At.Add(o.Timeout), t.Bulk
	return c.offerStep(EventOfferPassedOn, c.Ownership, o, t)
}

// exhausted ends an offer that nobody took: the sender keeps the conversation, or the
// team's queue gets it by rule offerExhausted.
func (c Conversation) exhausted(kind EventKind, o Offer, t Command) Move {
	if o.Team == "" || t.Rules.OfferExhausted != workspace.OfferToTeamQueue {
		return c.offerStep(kind, c.Ownership, o, t)
	}
	to := c.queue(o.Team, t)
	to.UpForGrabs, to.Left = t.Rules.TeamTarget == workspace.TeamTargetPool, true
	return c.offerStep(kind, to, o, t)
}

// offerStep is move for a step of an offer.
func (c Conversation) offerStep(kind EventKind, to Ownership, o Offer, t Command) Move {
	m := c.move(kind, to, t)
	m.After.Offer = o
	return m
}

// supersede ends the open offer of m, which m made impossible: somebody else owns the
// conversation, or it is closed.
func (m *Move) supersede(t Command) {
	if m.After.Offer.Open() {
		m.After.Offer = m.After.Offer.ended(OfferSuperseded, OfferEndedByVerb, t)
	}
}

// KeepsOffer reports whether a change of the kind leaves an open offer as it is: a status
// that is not CLOSED, and a report.
func (k EventKind) KeepsOffer() bool { return k == EventStatusChanged || k == EventUnanswered }

// SettleOffer ends the open offer of m unless its sender still owns the conversation, and
// it is not closed.
func (m *Move) SettleOffer(t Command) {
	if m.After.Assignee != m.After.Offer.Sender || m.After.Status == Closed {
		m.supersede(t)
	}
}
