package mongo

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// findingConditions filters by the properties that members search for in closed
// conversations: former assignee, origin, time, and star.
func findingConditions(v access.View, r access.VisibilityFilter) conditions {
	var c conditions
	among(&c, "formerAssignee", v.FormerAssignees)
	among(&c, "originAgent", v.OriginAgents)
	if v.Closed.Bounded() {
		c.add("closedAt", bson.D{{Key: "$gt", Value: time.Time{}}})
	}
	within(&c, "createdAt", v.Created)
	within(&c, "lastActivityAt", v.Active)
	within(&c, "closedAt", v.Closed)
	if v.Awaiting != nil {
		is := map[bool]string{true: "$lt", false: "$gte"}[*v.Awaiting]
		c.add("awaitingReplySince", bson.D{{Key: is, Value: inbox.NotAwaiting()}})
	}
	if v.Starred {
		c.never = len(r.Starred) == 0
		c.add("_id", bson.D{{Key: "$in", Value: r.Starred}})
	}
	return c
}

func within(c *conditions, field string, s access.Span) {
	var bounds bson.D
	if !s.From.IsZero() {
		bounds = append(bounds, bson.E{Key: "$gte", Value: s.From})
	}
	if !s.Until.IsZero() {
		bounds = append(bounds, bson.E{Key: "$lt", Value: s.Until})
	}
	if len(bounds) > 0 {
		c.add(field, bounds)
	}
}
