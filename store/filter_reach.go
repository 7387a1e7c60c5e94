package store

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"switchboard/inbox"
)

// reachConditions says as a filter what inbox.Reach.Sees says of one
// conversation.
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
		alternative := conditions{}
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

func kindConditions(r inbox.Reach, k inbox.Kind) conditions {
	var c conditions
	switch r.Scopes[k] {
	case inbox.ScopeAll:
	case inbox.ScopeTeam:
		c.any(append(teamAlternatives(r), ownConditions(r))...)
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
		c.add("originAgent", r.Agent)
		return c
	}
	c.never = r.Member == ""
	c.add("own.assignee", r.Member)
	return c
}

// teamAlternatives are the ways to be my team's: of one of my teams, of a
// teammate, of nobody at all. Each has an index. Only members are in teams.
func teamAlternatives(r inbox.Reach) []conditions {
	if r.Member == "" {
		return nil
	}
	nobody := conditions{doc: bson.D{{Key: "own.team", Value: inbox.TeamID("")}, {Key: "own.assignee", Value: inbox.MemberID("")}}}
	out := []conditions{nobody}
	if len(r.Teams) > 0 {
		var c conditions
		among(&c, "own.team", r.Teams)
		out = append(out, c)
	}
	if mates := named(r.Teammates); len(mates) > 0 {
		var c conditions
		among(&c, "own.assignee", mates)
		out = append(out, c)
	}
	return out
}
