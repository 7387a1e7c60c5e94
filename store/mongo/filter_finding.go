package mongo

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// findingConditions filters by the properties that members search for in closed
// conversations: former assignee, origin, time, and star.
func findingConditions(v access.View, r access.VisibilityFilter) conditions {
	var c conditions
	among(&c, "formerAssignee", v.FormerAssignees)
	among(&c, "originAgent", v.OriginAgents)
	if len(v.Feeders) > 0 {
		c.add("feeder", bson.D{{Key: "$in", Value: storedFeeders(v.Feeders)}})
	}
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

// storedFeeders are the values by which keys are stored as the feeder of a conversation: no
// key by an empty id, or by none where an earlier version wrote.
func storedFeeders(keys []workspace.KeyID) bson.A {
	var out bson.A
	for _, key := range keys {
		if out = append(out, key); key == "" {
			out = append(out, nil)
		}
	}
	return out
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
