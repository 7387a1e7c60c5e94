package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// conditions are clauses that must all hold.
type conditions struct {
	doc  bson.D
	more []bson.D // conditions on fields that doc has already
	// never is set by a clause that nothing can satisfy.
	never bool
}

// add demands that field has the value, which may be an operator document.
func (c *conditions) add(field string, value any) {
	if c.has(field) {
		c.more = append(c.more, bson.D{{Key: field, Value: value}})
		return
	}
	c.doc = append(c.doc, bson.E{Key: field, Value: value})
}

func (c *conditions) has(field string) bool {
	return slices.ContainsFunc(c.doc, func(e bson.E) bool { return e.Key == field })
}

// all adds every clause of other.
func (c *conditions) all(other conditions) {
	c.never = c.never || other.never
	for _, e := range other.doc {
		c.add(e.Key, e.Value)
	}
	for _, clause := range other.more {
		for _, e := range clause {
			c.add(e.Key, e.Value)
		}
	}
}

// any demands one of the alternatives; none at all cannot be satisfied.
func (c *conditions) any(alternatives ...conditions) {
	alternatives = slices.DeleteFunc(alternatives, func(a conditions) bool { return a.never })
	switch len(alternatives) {
	case 0:
		c.never = true
	case 1:
		c.all(alternatives[0])
	default:
		or := make(bson.A, 0, len(alternatives))
		for _, a := range alternatives {
			filter := a.filter()
			if len(filter) == 0 {
				return // always holds
			}
			or = append(or, filter)
		}
		c.add("$or", or)
	}
}

// filter is the conditions as one document.
func (c conditions) filter() bson.D {
	if len(c.more) == 0 {
		return c.doc
	}
	return append(slices.Clone(c.doc), bson.E{Key: "$and", Value: c.more})
}

// plain reports whether there are conditions on these fields only, on each one.
func (c conditions) plain(fields ...string) bool {
	return len(c.more) == 0 && !slices.ContainsFunc(c.doc, func(e bson.E) bool { return !slices.Contains(fields, e.Key) })
}

func (c conditions) clone() conditions {
	return conditions{doc: slices.Clone(c.doc), more: slices.Clone(c.more), never: c.never}
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
