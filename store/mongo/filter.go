package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/store/document"
)

// conversationConditions expresses inbox.View.Matches, inbox.Reach.Matches and the
// search words as a filter. The index is walked by one set of facets, with the statuses
// that the list can have: see narrowest. All else is said of the fields from which
// facets follow, and is checked on the way. A second clause on the facets would have
// the server choose by which of the two it walks, as their field is an array.
func conversationConditions(q access.ConversationQuery) conditions {
	var c conditions
	c.add("workspace", q.Workspace)
	statuses := statusesOf(q.View)
	c.never = len(statuses) == 0
	walked, found := narrowest(q, len(statuses)), indexFor(q) != walk(q.Order.Field).index
	if found { // by what a conversation is, not by its facets: addresses alone are no field
		walked = emailFacets(q.View)
		c.all(sleepConditions(q.View))
	}
	among(&c, "places", document.Walked(q.View, walked.facets))
	if !found || len(statuses) < len(allStatuses()) {
		c.add("own.status", bson.D{{Key: "$in", Value: statuses}})
	}
	c.all(viewConditions(q.View, q.Visibility))
	if q.View.List != access.ListOfferedToMe && !walked.visible && !(q.View.List == access.ListMine && seesOwn(q.Visibility)) {
		c.all(visibilityConditions(q.Visibility))
	}
	for _, prefix := range longestFirst(q.View.Search) {
		c.add("words", bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: document.EndOfPrefix(prefix)}}}})
	}
	return c
}

// indexFor is the index that answers q best. It is named to the server, so that no
// change of the data makes a server choose another.
func indexFor(q access.ConversationQuery) string {
	switch {
	case q.Visibility.Conversation != "", q.View.Starred:
		return "_id_"
	case len(q.View.ContactEmails) > 0: // fewer have an address than a word
	case len(q.View.Contacts) > 0:
		return "contact"
	case len(q.View.Search) > 0:
		return "words"
	}
	return walk(q.Order.Field).index
}

// longestFirst sorts words. One of them bounds the index, and few conversations have a
// long one.
func longestFirst(words []string) []string {
	return slices.SortedStableFunc(slices.Values(words), func(a, b string) int { return len(b) - len(a) })
}

// viewConditions are what the view demands of the fields of a conversation, apart from
// its status, the words of a search, and addresses.
func viewConditions(v access.View, r access.VisibilityFilter) conditions {
	c := listConditions(v.List, r)
	among(&c, "own.assignee", v.Assignees)
	among(&c, "own.team", v.Teams)
	c.all(findingConditions(v, r))
	among(&c, "kind", v.Kinds)
	among(&c, "handler", v.Handlers)
	among(&c, "channel", v.Channels)
	among(&c, "contact", v.Contacts)
	return c
}

func listConditions(l access.List, r access.VisibilityFilter) conditions {
	var c conditions
	switch l {
	case access.ListMine:
		c.never = r.Member == ""
		c.add("own.assignee", r.Member)
	case access.ListUnassigned:
		c.add("own.assignee", "")
	case access.ListQueued:
		c.add("handler", inbox.HandledByQueue)
	case access.ListSnoozed: // by its facet
	case access.ListMyTeams:
		teams := named(r.Teams)
		c.never = len(teams) == 0
		among(&c, "own.team", teams)
	case access.ListOfferedToMe:
		return offeredConditions(r)
	case access.ListOfferedByMe:
		c.never = r.Member == ""
		c.add("offer.status", inbox.OfferOpen)
		c.add("offer.sender", r.Member)
	case access.ListAll:
	}
	return c
}

// sleepConditions are what facets say where a list is walked by them.
func sleepConditions(v access.View) conditions {
	var c conditions
	switch {
	case v.List == access.ListSnoozed:
		c.add("own.asleepSince", bson.D{{Key: "$exists", Value: true}})
	case !v.HoldsSleepers():
		c.add("own.asleepSince", bson.D{{Key: "$exists", Value: false}})
	}
	return c
}

// allStatuses are the statuses that a conversation can have.
func allStatuses() []inbox.Status { return []inbox.Status{inbox.Unset, inbox.Open, inbox.Closed} }

// liveStatuses are those of conversations that are not closed.
func liveStatuses() []inbox.Status { return []inbox.Status{inbox.Unset, inbox.Open} }

// statusesOf are the statuses that conversations of the view can have.
func statusesOf(v access.View) []inbox.Status {
	return slices.DeleteFunc(allStatuses(), func(s inbox.Status) bool {
		return !inbox.OneOf(v.Statuses, s) ||
			s == inbox.Closed && !v.HoldsClosed() ||
			s != inbox.Closed && v.Closed.Bounded()
	})
}

// named leaves out the empty id, which means none.
func named[T ~string](ids []T) []T {
	return slices.DeleteFunc(slices.Clone(ids), func(id T) bool { return id == "" })
}
