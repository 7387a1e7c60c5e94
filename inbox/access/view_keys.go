package access

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// EventKeys returns the facets of the conversation before and after e, each once. A star
// event has only its member's facet. A directory event has none, because every
// subscriber receives it.
func EventKeys(e inbox.Event) []Key {
	if e.Type == inbox.StarEvent {
		return []Key{StarsFacet(e.Actor.ID)}
	}
	if e.After == nil {
		return nil
	}
	before, existed := e.Before()
	keys := Facets(*e.After)
	if existed && (before.Ownership != e.After.Ownership || before.Contact != e.After.Contact) {
		keys = append(keys, Facets(before)...)
		slices.Sort(keys)
		keys = slices.Compact(keys)
	}
	return keys
}

// Keys returns facets of which every conversation that the view holds for a caller
// with reach r has at least one: as few as can be found cheaply. It returns none
// if the view cannot hold anything.
func (v View) Keys(r Reach) []Key {
	keys := v.conversationKeys(r)
	if v.Starred && r.Member != "" {
		keys = append(keys, StarsFacet(string(r.Member)))
	}
	return keys
}

func (v View) conversationKeys(r Reach) []Key {
	switch {
	case v.List == ListMine && r.Member == "", v.Starred && r.Member == "":
		return nil
	case v.List == ListMine:
		return []Key{AssigneeFacet(r.Member)}
	case named(v.Assignees):
		return keysOf(v.Assignees, AssigneeFacet)
	case v.List == ListUnassigned:
		return v.poolKeys(r, UnassignedFacet, TeamUnassignedFacet)
	case v.List == ListQueued:
		return v.poolKeys(r, QueuedFacet, QueueFacet)
	case named(v.Teams):
		return keysOf(v.Teams, TeamFacet)
	case v.List == ListMyTeams:
		return keysOf(r.Teams, TeamFacet)
	case len(v.Contacts) > 0:
		return keysOf(v.Contacts, ContactFacet)
	case named(v.OriginAgents):
		return keysOf(v.OriginAgents, OriginAgentFacet)
	}
	return r.keys()
}

// poolKeys returns the facets of unassigned conversations in the teams asked for.
func (v View) poolKeys(r Reach, everywhere Key, of func(workspace.TeamID) Key) []Key {
	switch {
	case len(v.Teams) > 0:
		return keysOf(v.Teams, of)
	case r.everywhere(), r.Member == "":
		return []Key{everywhere}
	}
	return append(keysOf(r.Teams, of), of(""))
}

// keys returns facets of which every conversation that r sees has at least one.
func (r Reach) keys() []Key {
	switch {
	case r.everywhere():
		return []Key{Everything}
	case r.Agent != "":
		return []Key{OriginAgentFacet(r.Agent)}
	case r.Member == "":
		return nil
	}
	keys := append(keysOf(r.Teams, TeamFacet), keysOf(r.Teammates, AssigneeFacet)...)
	keys = append(keys, UnroutedFacet, AssigneeFacet(r.Member))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// everywhere reports whether r reaches beyond teams for some kind, or does not
// depend on scopes.
func (r Reach) everywhere() bool {
	return r.Conversation != "" || r.widest() == workspace.ScopeAll
}

func (r Reach) widest() workspace.Scope {
	widest := workspace.ScopeNone
	for _, scope := range r.Scopes {
		widest = max(widest, scope)
	}
	return widest
}

// named reports whether every id is set, so that each has a facet.
func named[T ~string](ids []T) bool { return len(ids) > 0 && !slices.Contains(ids, "") }

func keysOf[T any](ids []T, of func(T) Key) []Key {
	keys := make([]Key, 0, len(ids)+2)
	for _, id := range ids {
		keys = append(keys, of(id))
	}
	return keys
}
