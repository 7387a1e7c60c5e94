package store

import (
	"slices"

	"switchboard/inbox"
)

// reachConditions expresses inbox.Reach.Sees as a filter.
func reachConditions(r inbox.Reach) conditions {
	var c conditions
	if r.Conversation != "" {
		c.add("_id", r.Conversation)
		return c
	}
	kinds := inbox.Kinds()
	if sameForAll(r, kinds) {
		return kindConditions(r, kinds[0])
	}
	alternatives := make([]conditions, 0, len(kinds))
	for _, k := range kinds {
		var alternative conditions
		alternative.add("kind", k)
		alternative.all(kindConditions(r, k))
		alternatives = append(alternatives, alternative)
	}
	c.any(alternatives...)
	return c
}

// sameForAll reports whether the kind makes no difference, so that the filter
// need not name it.
func sameForAll(r inbox.Reach, kinds []inbox.Kind) bool {
	return !slices.ContainsFunc(kinds[1:], func(k inbox.Kind) bool {
		return r.Scopes[k] != r.Scopes[kinds[0]] || r.OwnedExclusively[k] != r.OwnedExclusively[kinds[0]]
	})
}

// seesOwn reports whether a member sees every conversation that the member owns.
func seesOwn(r inbox.Reach) bool {
	return r.Conversation == "" && r.Agent == "" && r.Member != "" &&
		!slices.ContainsFunc(inbox.Kinds(), func(k inbox.Kind) bool { return r.Scopes[k] < inbox.ScopeOwn })
}

func kindConditions(r inbox.Reach, k inbox.Kind) conditions {
	var c conditions
	switch r.Scopes[k] {
	case inbox.ScopeAll:
	case inbox.ScopeTeam:
		c = teamConditions(r)
	case inbox.ScopeOwn:
		c = ownConditions(r)
	case inbox.ScopeNone:
		c.never = true
	default:
		c.never = true
	}
	if r.OwnedExclusively[k] {
		among(&c, "own.assignee", slices.Compact([]inbox.MemberID{"", r.Member}))
	}
	return c
}

func ownConditions(r inbox.Reach) conditions {
	var c conditions
	if r.Agent != "" {
		c.add("places", inbox.OriginAgentFacet(r.Agent))
		return c
	}
	c.never = r.Member == ""
	c.add("places", inbox.AssigneeFacet(r.Member))
	return c
}

// teamConditions matches conversations of the member, of one of the member's teams
// or of a teammate, and unrouted ones. Only members are in teams.
func teamConditions(r inbox.Reach) conditions {
	if r.Member == "" {
		return ownConditions(r)
	}
	places := append([]facet{inbox.UnroutedFacet}, eachFacet(inbox.AssigneeFacet, named(r.Teammates))...)
	places = append(places, eachFacet(inbox.TeamFacet, named(r.Teams))...)
	if r.Agent == "" {
		places = append(places, inbox.AssigneeFacet(r.Member))
	}
	slices.Sort(places)
	var team, c conditions
	among(&team, "places", slices.Compact(places))
	if r.Agent == "" {
		return team
	}
	c.any(ownConditions(r), team)
	return c
}
