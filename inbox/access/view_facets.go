package access

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// EventFacets returns the facets of the conversation before and after e and of the
// audiences that e notifies, each once. A star
// event has only its member's facet. A directory event has none, because every
// subscriber receives it.
func EventFacets(e inbox.Event) []Facet {
	if e.Type == inbox.StarEvent {
		return []Facet{StarsFacet(e.Actor.ID)}
	}
	if e.After == nil {
		return nil
	}
	before, existed := e.Before()
	keys := append(Facets(*e.After), notificationFacets(e)...)
	if existed && (before.Ownership != e.After.Ownership || before.Contact != e.After.Contact || !before.Offer.Same(e.After.Offer)) {
		keys = append(keys, Facets(before)...)
		slices.Sort(keys)
		keys = slices.Compact(keys)
	}
	return keys
}

// notificationFacets are those of the audiences of what e notifies of and takes back.
func notificationFacets(e inbox.Event) (out []Facet) {
	if gone, ok := inbox.Withdrawn(e); ok {
		out = AudienceFacets(gone.Audience)
	}
	if _, ok := inbox.TakenBack(e); ok {
		out = AudienceFacets(inbox.ToMember(e.Actor.Member()))
	}
	for _, n := range inbox.NotificationsOf(e) {
		for _, k := range AudienceFacets(n.Audience) {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// Facets returns facets of which every conversation that the view holds for a caller
// with reach r has at least one: as few as can be found cheaply. It returns none
// if the view cannot hold anything.
func (v View) Facets(r VisibilityFilter) []Facet {
	keys := v.conversationFacets(r)
	if v.Starred && r.Member != "" {
		keys = append(keys, StarsFacet(string(r.Member)))
	}
	return keys
}

func (v View) conversationFacets(r VisibilityFilter) []Facet {
	switch {
	case v.personal() && r.Member == "":
		return nil
	case v.List == ListOfferedToMe:
		return append(facetsOf(r.Teams, OfferedTeamFacet), OfferedFacet(r.Member))
	case v.List == ListOfferedByMe:
		return []Facet{OfferedByFacet(r.Member)}
	case v.List == ListMine:
		return []Facet{AssigneeFacet(r.Member)}
	case named(v.Assignees):
		return facetsOf(v.Assignees, AssigneeFacet)
	case v.List == ListUnassigned:
		return v.poolFacets(r, UnassignedFacet, TeamUnassignedFacet)
	case v.List == ListQueued:
		return v.poolFacets(r, QueuedFacet, QueueFacet)
	case named(v.Teams):
		return facetsOf(v.Teams, TeamFacet)
	case v.List == ListMyTeams:
		return facetsOf(r.Teams, TeamFacet)
	case len(v.Contacts) > 0:
		return facetsOf(v.Contacts, ContactFacet)
	case named(v.OriginAgents):
		return facetsOf(v.OriginAgents, OriginAgentFacet)
	}
	return r.facets()
}

// personal reports whether the view holds something for members alone.
func (v View) personal() bool {
	return v.List == ListMine || v.List == ListOfferedToMe || v.List == ListOfferedByMe || v.Starred
}

// poolFacets returns the facets of unassigned conversations in the teams asked for.
func (v View) poolFacets(r VisibilityFilter, everywhere Facet, of func(workspace.TeamID) Facet) []Facet {
	switch {
	case len(v.Teams) > 0:
		return facetsOf(v.Teams, of)
	case r.everywhere(), r.Member == "":
		return []Facet{everywhere}
	}
	return append(facetsOf(r.Teams, of), of(""))
}

// facets returns facets of which every conversation that r sees has at least one.
func (r VisibilityFilter) facets() []Facet {
	switch {
	case r.everywhere():
		return []Facet{AllFacet}
	case r.Agent != "":
		return []Facet{OriginAgentFacet(r.Agent)}
	case r.Member == "":
		return nil
	}
	keys := append(facetsOf(r.Teams, TeamFacet), facetsOf(r.Teammates, AssigneeFacet)...)
	keys = append(keys, UnroutedFacet, AssigneeFacet(r.Member))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// everywhere reports whether r reaches beyond teams for some kind, or does not
// depend on scopes.
func (r VisibilityFilter) everywhere() bool {
	return r.Conversation != "" || r.widest() == workspace.ScopeAll
}

func (r VisibilityFilter) widest() workspace.Scope {
	widest := workspace.ScopeNone
	for _, scope := range r.Scopes {
		widest = max(widest, scope)
	}
	return widest
}

// named reports whether every id is set, so that each has a facet.
func named[T ~string](ids []T) bool { return len(ids) > 0 && !slices.Contains(ids, "") }

func facetsOf[T any](ids []T, of func(T) Facet) []Facet {
	keys := make([]Facet, 0, len(ids)+2)
	for _, id := range ids {
		keys = append(keys, of(id))
	}
	return keys
}
