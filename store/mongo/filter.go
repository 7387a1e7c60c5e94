package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/access"
	"switchboard/store/document"
)

// conversationConditions expresses inbox.View.Matches, inbox.Reach.Matches and the
// search words as a filter. It adds the narrowest facet first: the index is walked
// by that facet, and the other conditions are checked on the way.
func conversationConditions(q access.ConversationQuery) conditions {
	var c conditions
	c.add("workspace", q.Workspace)
	c.all(listConditions(q.View.List, q.Visibility))
	namedOr(&c, "own.assignee", access.AssigneeFacet, q.View.Assignees)
	namedOr(&c, "own.team", access.TeamFacet, q.View.Teams)
	c.all(findingConditions(q.View, q.Visibility))
	if !(q.View.List == access.ListMine && seesOwn(q.Visibility)) {
		c.all(visibilityConditions(q.Visibility))
	}
	among(&c, "places", document.EachFacet(document.StatusFacet, q.View.Statuses))
	among(&c, "kind", q.View.Kinds)
	among(&c, "handler", q.View.Handlers)
	among(&c, "channel", q.View.Channels)
	among(&c, "contact", q.View.Contacts)
	for _, prefix := range q.View.Search {
		c.add("words", bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: document.EndOfPrefix(prefix)}}}})
	}
	if !c.has("places") && indexFor(q) == walk(q.Order.Field).index {
		c.add("places", access.AllFacet)
	}
	return c
}

// indexFor is the index that answers q best. It is named to the server where
// the filter asks for more than the index begins with, so that no change of the
// data makes a server choose another.
func indexFor(q access.ConversationQuery) string {
	switch {
	case q.Visibility.Conversation != "", q.View.Starred:
		return "_id_"
	case len(q.View.Search) > 0:
		return "words"
	case len(q.View.Contacts) > 0:
		return "contact"
	default:
		return walk(q.Order.Field).index
	}
}

func listConditions(l access.List, r access.VisibilityFilter) conditions {
	var c conditions
	switch l {
	case access.ListMine:
		c.never = r.Member == ""
		c.add("places", access.AssigneeFacet(r.Member))
	case access.ListUnassigned:
		c.add("places", access.UnassignedFacet)
	case access.ListQueued:
		c.add("places", access.QueuedFacet)
	case access.ListMyTeams:
		teams := named(r.Teams)
		c.never = len(teams) == 0
		among(&c, "places", document.EachFacet(access.TeamFacet, teams))
	case access.ListAll:
	}
	return c
}

// namedOr demands one of the ids. To have none is no place, so where that will
// do as well the field itself is asked.
func namedOr[T ~string](c *conditions, field string, of func(T) document.Facet, ids []T) {
	if slices.Contains(ids, "") {
		among(c, field, ids)
		return
	}
	among(c, "places", document.EachFacet(of, ids))
}

// named leaves out the empty id, which means none.
func named[T ~string](ids []T) []T {
	return slices.DeleteFunc(slices.Clone(ids), func(id T) bool { return id == "" })
}
