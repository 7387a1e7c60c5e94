package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// visibilityConditions expresses inbox.Reach.Matches as a filter.
func visibilityConditions(r access.VisibilityFilter) conditions {
	var c conditions
	if r.Conversation != "" {
		c.add("_id", r.Conversation)
		return c
	}
	kinds := workspace.Kinds()
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

// offeredConditions matches what is offered to the member, or to all of one of the
// member's teams, of the kinds of which the member sees anything.
func offeredConditions(r access.VisibilityFilter) conditions {
	var c conditions
	c.never = r.Member == ""
	c.add("offer.status", inbox.OfferOpen)
	var ways []conditions
	for _, k := range workspace.Kinds() {
		var mine, team conditions
		mine.never = r.Scopes[k] == workspace.ScopeNone
		mine.add("kind", k)
		mine.add("offer.member", r.Member)
		team.never = r.Scopes[k] < workspace.ScopeTeam || len(named(r.Teams)) == 0
		team.add("kind", k)
		team.add("offer.member", "")
		team.add("offer.sender", bson.D{{Key: "$ne", Value: r.Member}})
		team.add("offer.declined", bson.D{{Key: "$ne", Value: r.Member}})
		among(&team, "offer.team", named(r.Teams))
		ways = append(ways, mine, team)
	}
	c.any(ways...)
	return c
}

// sameForAll reports whether the kind makes no difference, so that the filter
// need not name it.
func sameForAll(r access.VisibilityFilter, kinds []workspace.Kind) bool {
	return !slices.ContainsFunc(kinds[1:], func(k workspace.Kind) bool {
		return r.Scopes[k] != r.Scopes[kinds[0]] || r.OwnedExclusively[k] != r.OwnedExclusively[kinds[0]]
	})
}

// seesOwn reports whether a member sees every conversation that the member owns.
func seesOwn(r access.VisibilityFilter) bool {
	return r.Conversation == "" && r.Agent == "" && r.Member != "" &&
		!slices.ContainsFunc(workspace.Kinds(), func(k workspace.Kind) bool { return r.Scopes[k] < workspace.ScopeOwn })
}

func kindConditions(r access.VisibilityFilter, k workspace.Kind) conditions {
	var c conditions
	switch r.Scopes[k] {
	case workspace.ScopeAll:
	case workspace.ScopeTeam:
		c = teamConditions(r)
	case workspace.ScopeOwn:
		c = ownConditions(r)
	case workspace.ScopeNone:
		c.never = true
	default:
		c.never = true
	}
	if r.OwnedExclusively[k] {
		among(&c, "own.assignee", slices.Compact([]workspace.MemberID{"", r.Member}))
	}
	return c
}

func ownConditions(r access.VisibilityFilter) conditions {
	var c conditions
	if r.Agent != "" {
		c.add("originAgent", r.Agent)
		return c
	}
	c.never = r.Member == ""
	c.add("own.assignee", r.Member)
	return c
}

// teamConditions matches conversations of the member, of one of the member's teams
// or of a teammate, and unrouted ones. Only members are in teams.
func teamConditions(r access.VisibilityFilter) conditions {
	if r.Member == "" {
		return ownConditions(r)
	}
	var unrouted, assigned, teams, c conditions
	unrouted.add("own.assignee", "")
	unrouted.add("own.team", "")
	assignees := named(r.Teammates)
	assigned.never = r.Agent != "" && len(assignees) == 0
	if r.Agent == "" {
		assignees = append(assignees, r.Member)
	}
	slices.Sort(assignees)
	among(&assigned, "own.assignee", slices.Compact(assignees))
	teams.never = len(named(r.Teams)) == 0
	among(&teams, "own.team", named(r.Teams))
	if r.Agent == "" {
		c.any(unrouted, assigned, teams)
		return c
	}
	c.any(ownConditions(r), unrouted, assigned, teams)
	return c
}
