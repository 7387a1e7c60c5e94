package access

import (
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Facet is a facet: a property that a conversation is indexed and routed by, such
// as its assignee, its team or that it waits in a queue. The store keeps the
// facets of each conversation and walks an index by them; the feed delivers an
// event to the subscribers that asked for one of its facets. The strings are
// stored, so a change of one needs a migration.
type Facet string

// The facets that do not depend on an id.
const (
	// AllFacet is a facet of every conversation, Nothing of none.
	AllFacet Facet = "all"
	NoFacet  Facet = "none"
	// UnassignedFacet marks conversations without an assignee that are not closed.
	UnassignedFacet Facet = "unassigned"
	// QueuedFacet marks conversations that wait in some queue.
	QueuedFacet Facet = "queued"
	// UnroutedFacet marks conversations with neither assignee nor team, in any
	// status: members of every team may claim them.
	UnroutedFacet Facet = "adrift"
)

// AssigneeFacet marks the conversations assigned to m.
func AssigneeFacet(m workspace.MemberID) Facet { return "member:" + Facet(m) }

// TeamFacet marks the conversations of t, assigned or not.
func TeamFacet(t workspace.TeamID) Facet { return "team:" + Facet(t) }

// TeamUnassignedFacet marks the unassigned conversations of t; with an empty id,
// those of no team.
func TeamUnassignedFacet(t workspace.TeamID) Facet { return "unassigned:" + Facet(t) }

// QueueFacet marks the conversations that wait in the queue of t; with an empty
// id, in the queue of those that ask for no team.
func QueueFacet(t workspace.TeamID) Facet { return "queue:" + Facet(t) }

// ContactFacet marks the conversations of a contact.
func ContactFacet(c inbox.ContactID) Facet { return "contact:" + Facet(c) }

// OriginAgentFacet marks the conversations that an AI agent opened.
func OriginAgentFacet(a workspace.AgentID) Facet { return "agent:" + Facet(a) }

// OfferedFacet marks the conversations that are offered to m.
func OfferedFacet(m workspace.MemberID) Facet { return "offered:" + Facet(m) }

// OfferedTeamFacet marks the conversations that are offered to all of t.
func OfferedTeamFacet(t workspace.TeamID) Facet { return "offeredteam:" + Facet(t) }

// OfferedByFacet marks the conversations that m offers.
func OfferedByFacet(m workspace.MemberID) Facet { return "offeredby:" + Facet(m) }

// offerFacets are those of an open offer.
func offerFacets(o inbox.Offer) []Facet {
	switch {
	case !o.Open():
		return nil
	case o.Claimable():
		return []Facet{OfferedByFacet(o.Sender), OfferedTeamFacet(o.Team)}
	}
	return []Facet{OfferedByFacet(o.Sender), OfferedFacet(o.Member)}
}

// StarsFacet marks the star events of a member. No conversation has it.
func StarsFacet(m string) Facet { return "stars:" + Facet(m) }

// AudienceFacets are those of the events that notify an audience, or take back what
// notified it: its own, and for claimers that of all claimers of the kind, for members who
// may claim whatever the team. No conversation has them.
func AudienceFacets(to inbox.Audience) []Facet {
	out := []Facet{"audience:" + Facet(to)}
	for _, kind := range workspace.Kinds() {
		if strings.HasPrefix(string(to), string(inbox.ToClaimers(kind, ""))) {
			out = append(out, ClaimersFacet(kind))
		}
	}
	return out
}

// ClaimersFacet marks the events that notify members who may claim any conversation of
// a kind.
func ClaimersFacet(kind workspace.Kind) Facet { return "claimers:" + Facet(kind) }

// Facets returns the facets of c, each once. It decides alone which they are; the
// store adds those that only lists ask for.
func Facets(c inbox.Conversation) []Facet {
	facets := append(make([]Facet, 0, 16), AllFacet, ContactFacet(c.Contact))
	if c.OriginAgent != "" {
		facets = append(facets, OriginAgentFacet(c.OriginAgent))
	}
	switch {
	case c.Owned():
		facets = append(facets, AssigneeFacet(c.Assignee))
	case c.Status != inbox.Closed:
		facets = append(facets, UnassignedFacet, TeamUnassignedFacet(c.Team))
	}
	switch {
	case c.Team != "":
		facets = append(facets, TeamFacet(c.Team))
	case !c.Owned():
		facets = append(facets, UnroutedFacet)
	}
	if c.Waiting() {
		facets = append(facets, QueuedFacet, QueueFacet(c.Team))
	}
	return append(facets, offerFacets(c.Offer)...)
}
