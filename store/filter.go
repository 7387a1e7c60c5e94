package store

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"switchboard/inbox"
)

// conditions are clauses that must all hold.
type conditions struct {
	doc  bson.D
	more bson.A // what has a field that doc has already
	// never is set by a clause that nothing can satisfy.
	never bool
}

// add demands that field has the value, which may be an operator document.
func (c *conditions) add(field string, value any) {
	for _, e := range c.doc {
		if e.Key == field {
			c.more = append(c.more, bson.D{{Key: field, Value: value}})
			return
		}
	}
	c.doc = append(c.doc, bson.E{Key: field, Value: value})
}

// all adds every clause of other.
func (c *conditions) all(other conditions) {
	c.never = c.never || other.never
	for _, e := range other.doc {
		c.add(e.Key, e.Value)
	}
	c.more = append(c.more, other.more...)
}

// any demands one of the alternatives; none at all cannot be satisfied.
func (c *conditions) any(alternatives ...conditions) {
	var or bson.A
	for _, a := range alternatives {
		if a.never {
			continue
		}
		filter := a.filter()
		if len(filter) == 0 {
			return // always holds
		}
		or = append(or, filter)
	}
	switch len(or) {
	case 0:
		c.never = true
	case 1:
		for _, e := range or[0].(bson.D) {
			c.add(e.Key, e.Value)
		}
	default:
		c.add("$or", or)
	}
}

func (c conditions) clone() conditions {
	return conditions{doc: slices.Clone(c.doc), more: slices.Clone(c.more), never: c.never}
}

// filter is the conditions as one document.
func (c conditions) filter() bson.D {
	if len(c.more) == 0 {
		return c.doc
	}
	return append(c.doc[:len(c.doc):len(c.doc)], bson.E{Key: "$and", Value: c.more})
}

// among demands one of the values, unless there are none to choose from.
func among[T any](c *conditions, field string, values []T) {
	switch len(values) {
	case 0:
	case 1:
		c.add(field, values[0])
	default:
		c.add(field, bson.D{{Key: "$in", Value: values}})
	}
}

// conversationConditions say as a filter what inbox.View.Matches, inbox.Reach.Sees
// and the search words say of one conversation.
func conversationConditions(q inbox.ConversationQuery) conditions {
	var c conditions
	c.add("workspace", q.Workspace)
	c.all(listConditions(q.View.List, q.Reach))
	among(&c, "kind", q.View.Kinds)
	among(&c, "own.status", q.View.Statuses)
	among(&c, "handler", q.View.Handlers)
	among(&c, "own.assignee", q.View.Assignees)
	among(&c, "own.team", q.View.Teams)
	among(&c, "channel", q.View.Channels)
	among(&c, "contact", q.View.Contacts)
	for _, prefix := range q.View.Search {
		c.add("words", bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: prefix + lastRune}}}})
	}
	c.all(reachConditions(q.Reach))
	return c
}

// lastRune sorts behind every letter that could follow a prefix.
const lastRune = "\U0010FFFF"

func listConditions(l inbox.List, r inbox.Reach) conditions {
	var c conditions
	switch l {
	case inbox.ListMine:
		c.never = r.Member == ""
		c.add("own.assignee", r.Member)
	case inbox.ListUnassigned:
		c.add("unassigned", true)
	case inbox.ListQueued:
		c.add("queued", true)
	case inbox.ListMyTeams:
		teams := named(r.Teams)
		c.never = len(teams) == 0
		among(&c, "own.team", teams)
	case inbox.ListAll:
	}
	return c
}

// named leaves out the empty id, which means none.
func named[T ~string](ids []T) []T {
	out := make([]T, 0, len(ids))
	for _, id := range ids {
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}
