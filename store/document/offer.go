package document

import (
	"reflect"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// offerState is an offer as its conversation and events hold it.
type offerState struct {
	ID           inbox.OfferID          `bson:"id"`
	Workspace    workspace.WorkspaceID  `bson:"workspace"`
	Conversation inbox.ConversationID   `bson:"conversation"`
	Sender       workspace.MemberID     `bson:"sender"`
	By           actorDoc               `bson:"by"`
	Member       workspace.MemberID     `bson:"member"`
	Team         workspace.TeamID       `bson:"team"`
	Note         string                 `bson:"note,omitempty"`
	Status       inbox.OfferStatus      `bson:"status"`
	Round        int                    `bson:"round"`
	Asked        []workspace.MemberID   `bson:"asked,omitempty"`
	Declined     []workspace.MemberID   `bson:"declined,omitempty"`
	Bulk         inbox.BulkID           `bson:"bulk,omitempty"`
	Timeout      time.Duration          `bson:"timeout"`
	OfferedAt    time.Time              `bson:"offeredAt"`
	ExpiresAt    time.Time              `bson:"expiresAt"`
	EndedAt      time.Time              `bson:"endedAt"`
	EndedBy      actorDoc               `bson:"endedBy"`
	Cause        inbox.OfferEndCause    `bson:"cause,omitempty"`
	Reason       string                 `bson:"reason,omitempty"`
	ReasonCode   workspace.ReasonCodeID `bson:"reasonCode,omitempty"`
}

// offerToState is nil for no offer.
func offerToState(o inbox.Offer) *offerState {
	if reflect.ValueOf(o).IsZero() {
		return nil
	}
	return &offerState{
		ID: o.ID, Workspace: o.Workspace, Conversation: o.Conversation, Sender: o.Sender, By: actorDoc(o.By), Member: o.Member, Team: o.Team,
		Note: o.Note, Status: o.Status, Round: o.Round, Asked: o.Asked, Declined: o.Declined,
		Bulk: o.Bulk, Timeout: o.Timeout, OfferedAt: o.OfferedAt, ExpiresAt: o.ExpiresAt,
		EndedAt: o.EndedAt, EndedBy: actorDoc(o.EndedBy), Cause: o.Cause, Reason: o.Reason, ReasonCode: o.ReasonCode,
	}
}

func (d *offerState) offer() inbox.Offer {
	if d == nil {
		return inbox.Offer{}
	}
	return inbox.Offer{
		ID: d.ID, Workspace: d.Workspace, Conversation: d.Conversation, Sender: d.Sender, By: workspace.Actor(d.By), Member: d.Member, Team: d.Team,
		Note: d.Note, Status: d.Status, Round: d.Round, Asked: d.Asked, Declined: d.Declined,
		Bulk: d.Bulk, Timeout: d.Timeout, OfferedAt: d.OfferedAt, ExpiresAt: d.ExpiresAt,
		EndedAt: d.EndedAt, EndedBy: workspace.Actor(d.EndedBy), Cause: d.Cause, Reason: d.Reason, ReasonCode: d.ReasonCode,
	}
}

// Offer is an offer in the list of offers, which keeps it whatever becomes of it.
type Offer struct {
	ID           inbox.OfferID         `bson:"_id"`
	Workspace    workspace.WorkspaceID `bson:"workspace"`
	Conversation inbox.ConversationID  `bson:"conversation"`
	Status       inbox.OfferStatus     `bson:"status"`
	OfferedAt    time.Time             `bson:"offeredAt"`
	// Parties are whom lists find it by: its two sides, and OpenOffers while it is open.
	Parties []Facet `bson:"parties"`
	// LapsesAt is set while it is open, so that its index holds nothing else.
	LapsesAt *time.Time `bson:"lapsesAt,omitempty"`
	State    offerState `bson:"state"`
}

// OfOffer is the document of o.
func OfOffer(o inbox.Offer) Offer {
	d := Offer{ID: o.ID, Workspace: o.Workspace, Conversation: o.Conversation, Status: o.Status, OfferedAt: o.OfferedAt, Parties: partiesOf(o)}
	if state := offerToState(o); state != nil {
		d.State = *state
	}
	if o.Open() {
		d.LapsesAt = &o.ExpiresAt
	}
	return d
}

// Offer is the offer of the document.
func (d Offer) Offer() inbox.Offer { return d.State.offer() }

// Position is where the offer stands in lists.
func (d Offer) Position(string) inbox.PageCursor {
	return inbox.PageCursor{At: d.OfferedAt, ID: string(d.ID)}
}

// OpenOffers is a party of every open offer, so that those of a workspace are found.
const OpenOffers Facet = "open"

func partiesOf(o inbox.Offer) []Facet {
	parties := []Facet{access.OfferedByFacet(o.Sender)}
	if o.Member == "" {
		parties = append(parties, access.OfferedTeamFacet(o.Team))
	} else {
		parties = append(parties, access.OfferedFacet(o.Member))
	}
	if o.Open() {
		parties = append(parties, OpenOffers)
	}
	return parties
}
