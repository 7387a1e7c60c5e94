package document

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Facet is a property that a conversation is indexed by. Its document holds its
// facets in the field "places", and one index for each sort key begins with that
// field, so that a list walks an index in its own order for every filter.
//
// Most facets come from access.Facets, by which events are routed as well, and have
// the same strings there. The sets differ:
//   - Facets for status, former assignee, e-mail address and due queue are
//     stored only: lists ask for them, subscribers do not.
//   - Facets for the contact and for a team's unassigned conversations are
//     routed only: the first has an index of its own, the second is the team
//     and "unassigned" at once. Not storing them keeps two entries out of every
//     index.
type Facet = access.Facet

// StatusFacet marks the conversations of a status. It is stored for servers of earlier
// versions; lists have the status beside each facet.
func StatusFacet(s inbox.Status) Facet { return Facet("status:" + s) }

// FormerAssigneeFacet marks the conversations that m owned last.
func FormerAssigneeFacet(m workspace.MemberID) Facet { return Facet("former:" + m) }

// EmailFacet marks the conversations of contacts with an address, by its
// inbox.EmailKey.
func EmailFacet(key string) Facet { return Facet("email:" + key) }

// DueFacet marks the conversations in q that the rules may assign.
func DueFacet(q inbox.Queue) Facet { return Facet("due:" + string(q.Kind) + ":" + string(q.Team)) }

// routedOnly reports whether f has no entry in the index.
func routedOnly(f Facet) bool {
	return strings.HasPrefix(string(f), string(access.ContactFacet(""))) || strings.HasPrefix(string(f), string(access.TeamUnassignedFacet("")))
}

// FacetsOf returns the facets that are kept with c.
func FacetsOf(c inbox.Conversation) []Facet {
	facets := append(slices.DeleteFunc(access.Facets(c), routedOnly), StatusFacet(c.Status))
	if c.FormerAssignee != "" {
		facets = append(facets, FormerAssigneeFacet(c.FormerAssignee))
	}
	if c.ContactEmail != "" {
		facets = append(facets, EmailFacet(workspace.EmailKey(c.ContactEmail)))
	}
	if c.Due() {
		facets = append(facets, DueFacet(inbox.Queue{Team: c.Team, Kind: c.Kind}))
	}
	return OfSleeper(c, facets)
}

// asleepFacet is the facet f of a conversation that sleeps.
func asleepFacet(f Facet) Facet { return "asleep:" + f }

// OfSleeper returns the facets that are stored for c: a sleeper has facets of its own, so
// that the lists that leave it out never meet it.
func OfSleeper(c inbox.Conversation, facets []Facet) []Facet {
	if c.Asleep() {
		return EachFacet(asleepFacet, facets)
	}
	return facets
}

// Walked returns the stored facets by which the conversations of v with one of facets are
// found.
func Walked(v access.View, facets []Facet) []Facet {
	asleep := EachFacet(asleepFacet, facets)
	switch {
	case v.List == access.ListSnoozed:
		return asleep
	case v.HoldsSleepers():
		return append(slices.Clone(facets), asleep...)
	}
	return facets
}

// EachFacet applies of to each of the values.
func EachFacet[T any](of func(T) Facet, values []T) []Facet {
	facets := make([]Facet, 0, len(values))
	for _, v := range values {
		facets = append(facets, of(v))
	}
	return facets
}
