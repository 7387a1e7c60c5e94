package inbox

import (
	"slices"
	"time"

	"switchboard/inbox/workspace"
)

// OfferStatus is how far an offer is. All but OfferOpen are final, and each offer gets
// exactly one of them. B:T6
type OfferStatus string

// The statuses.
const (
	OfferOpen       OfferStatus = "OPEN"
	OfferAccepted   OfferStatus = "ACCEPTED"
	OfferDeclined   OfferStatus = "DECLINED"
	OfferWithdrawn  OfferStatus = "WITHDRAWN"
	OfferExpired    OfferStatus = "EXPIRED"
	OfferSuperseded OfferStatus = "SUPERSEDED"
)

// OfferEndCause is what ended an offer.
type OfferEndCause string

// The causes.
const (
	// OfferEndedByTarget is a target who accepted or declined, OfferEndedByPerson a
	// member who withdrew it.
	OfferEndedByTarget OfferEndCause = "TARGET"
	OfferEndedByPerson OfferEndCause = "PERSON"
	OfferEndedByTimer  OfferEndCause = "TIMER"
	// OfferEndedByVerb is any other change of the conversation.
	OfferEndedByVerb OfferEndCause = "VERB"
	// OfferTargetOffline is a target who went OFFLINE, or a team in which nobody could
	// be offered it.
	OfferTargetOffline OfferEndCause = "TARGET_OFFLINE"
	// OfferTargetNotPermitted is a target who may no longer own the conversation, or was
	// removed.
	OfferTargetNotPermitted OfferEndCause = "TARGET_NOT_PERMITTED"
	// OfferSenderNotPermitted is the maker of an offer who may no longer transfer.
	OfferSenderNotPermitted OfferEndCause = "SENDER_NOT_PERMITTED"
)

// Offer is a transfer that its target has to accept. A conversation has one that is open
// at most; its owner keeps it until the offer is accepted. B:T6
type Offer struct {
	ID           OfferID
	Workspace    workspace.WorkspaceID
	Conversation ConversationID
	// Sender owned the conversation when it was offered, and owns it as long as the offer
	// is open. By is who made the offer: the sender, or somebody who may transfer for them.
	Sender workspace.MemberID
	By     workspace.Actor
	// Member is who is asked now, or was asked last; empty for an offer to all members of
	// Team who may claim there. Team is the team that was named; empty for none.
	Member workspace.MemberID
	Team   workspace.TeamID
	// Note travels with the offer.
	Note   string
	Status OfferStatus
	// Round counts the members of the team who were asked, from 1; 0 if nobody could be.
	Round int
	// Asked are those members, the present one included: nobody is asked twice.
	Asked []workspace.MemberID
	// Declined are the members who declined an offer to all of the team, each for
	// themselves: it asks the others. Empty for an offer to one member.
	Declined []workspace.MemberID
	// Bulk is the call with many conversations that asks those who are asked now, whose digest
	// notifies them; empty for none.
	Bulk BulkID
	// Timeout is how long each of them has.
	Timeout time.Duration
	// OfferedAt is when the offer was made, ExpiresAt the earliest moment at which it
	// lapses for who is asked now, and EndedAt its end; zero while it is open.
	OfferedAt, ExpiresAt, EndedAt time.Time
	EndedBy                       workspace.Actor
	Cause                         OfferEndCause
	// Reason and ReasonCode are what the target said and picked when declining; empty for
	// none.
	Reason     string
	ReasonCode workspace.ReasonCodeID
}

// Open reports whether the offer can be accepted.
func (o Offer) Open() bool { return o.Status == OfferOpen }

// Same reports whether both are the same offer in the same state.
func (o Offer) Same(p Offer) bool {
	return o.ID == p.ID && o.Status == p.Status && o.Round == p.Round && len(o.Declined) == len(p.Declined)
}

// Claimable reports whether all who may claim in the team are asked, and nobody in
// particular.
func (o Offer) Claimable() bool { return o.Open() && o.Member == "" }

// DeclinedBy reports whether m declined the offer, which asks the others of the team.
func (o Offer) DeclinedBy(m workspace.MemberID) bool { return slices.Contains(o.Declined, m) }

// stands reports whether p is o after one of all who were asked declined: it asks the others.
func (o Offer) stands(p Offer) bool {
	return o.Claimable() && p.Claimable() && o.ID == p.ID && len(p.Declined) > len(o.Declined)
}

// ended is the offer in a final status.
func (o Offer) ended(status OfferStatus, cause OfferEndCause, t Command) Offer {
	o.Status, o.Cause, o.EndedBy, o.EndedAt = status, cause, t.By, t.At
	return o
}

// Reserves returns the member whose load has a slot reserved for the conversation: the
// one who is asked while an offer is open; empty for none.
func (c Conversation) Reserves() workspace.MemberID {
	if !c.Offer.Open() || c.Status == Closed {
		return ""
	}
	return c.Offer.Member
}

// Offers returns the offers that e changed, as it left them: one that another change
// ended first, then the one that e is about. Stores write them with the event. B:T6
func (e Event) Offers() []Offer {
	if e.After == nil || e.Type != OwnershipEvent {
		return nil
	}
	before, after := Offer{}, e.After.Offer
	if e.Was != nil {
		before = e.Was.Offer
	}
	var out []Offer
	if before.Open() && before.ID != after.ID {
		out = append(out, before.ended(OfferSuperseded, OfferEndedByVerb, Command{By: e.Actor, At: e.At}))
	}
	if after.ID != "" && !after.Same(before) {
		out = append(out, after)
	}
	return out
}

// Offer returns the offer that e made, passed on or ended; ok is false for an event that
// did none of them.
func (e Event) Offer() (o Offer, ok bool) {
	all := e.Offers()
	if len(all) == 0 {
		return Offer{}, false
	}
	return all[len(all)-1], true
}

// OfOffer reports whether events of the kind are steps of an offer, which change no owner
// unless a team's queue gets the conversation, and which the contact does not see.
func (k EventKind) OfOffer() bool {
	switch k { //nolint:exhaustive // all others are not
	case EventOffered, EventOfferPassedOn, EventOfferDeclined, EventOfferWithdrawn, EventOfferExpired, EventOfferSuperseded:
		return true
	}
	return false
}
