package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/store"
)

// listing is a sorted list of which a page is wanted. Ties are broken by id, so
// that a position is exact.
type listing struct {
	from   *driver.Collection
	filter conditions
	// lead, if set, is a number to sort by first: the place of an item in the order
	// of commits. Items without one come before all others.
	lead  string
	field string // a time
	desc  bool
	// index answers the list; walked are the fields that it begins with.
	index  string
	walked []string
	page   inbox.PageRequest
	// onward is a list of which nobody asks whether there is anything before.
	onward bool
	// few says that the filter names the documents, and that they are so few that they
	// are all read and sorted here.
	few bool
}

// listed is a document of a list.
type listed interface {
	// position is where it stands in a list sorted by field.
	Position(field string) inbox.PageCursor
}

// list answers the page of l. Times are compared as they are stored.
func list[D listed](ctx context.Context, s *Store, l listing) (inbox.Page[D], error) {
	l.page.After, l.page.Before = storedCursor(l.page.After), storedCursor(l.page.Before)
	if l.few {
		docs, err := find[D](ctx, s, l.from, l.filter.filter(), options.Find().SetHint(l.index))
		return cut(docs, l), err
	}
	return seek[D](ctx, s, l)
}

func storedCursor(p *inbox.PageCursor) *inbox.PageCursor {
	if p == nil {
		return nil
	}
	return &inbox.PageCursor{Sequence: p.Sequence, At: p.At.UTC().Truncate(time.Millisecond), ID: p.ID}
}

// seek has the server walk an index from where the page begins: one query for
// the page, and one more for each end that the caller named.
func seek[D listed](ctx context.Context, s *Store, l listing) (inbox.Page[D], error) {
	filter := l.filter
	if l.page.After != nil {
		filter = l.narrowed(filter, *l.page.After, !l.desc, false)
	}
	if l.page.Before != nil {
		filter = l.narrowed(filter, *l.page.Before, l.desc, false)
	}
	o := options.Find().SetSort(l.sort(l.page.Backward)).SetLimit(int64(max(l.page.Limit, 0)) + 1)
	if hint := l.hint(filter); hint != nil {
		o.SetHint(hint)
	}
	docs, err := find[D](ctx, s, l.from, filter.filter(), o)
	if err != nil {
		return inbox.Page[D]{}, err
	}
	return store.Page(l.page, docs, func(at inbox.PageCursor, earlier bool) (bool, error) {
		if earlier && l.onward {
			return false, nil
		}
		return s.beyond(ctx, l, at, l.desc == earlier)
	})
}

// hint names the index where the filter asks for more than it begins with; nil
// where the choice is plain.
func (l listing) hint(filter conditions) any {
	if filter.plain(append([]string{l.lead, l.field}, l.walked...)...) {
		return nil
	}
	return l.index
}

func (l listing) sort(backward bool) bson.D {
	direction := 1
	if l.desc != backward {
		direction = -1
	}
	by := bson.D{{Key: l.field, Value: direction}, {Key: "_id", Value: direction}}
	if l.lead != "" {
		by = append(bson.D{{Key: l.lead, Value: direction}}, by...)
	}
	return by
}

// beyond reports whether the list has anything at p or past it.
func (s *Store) beyond(ctx context.Context, l listing, p inbox.PageCursor, up bool) (bool, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	at := l.narrowed(l.filter, p, up, true)
	return exists(ctx, l.from, at.filter(), options.FindOne().SetHint(l.hint(at)))
}

func (l listing) narrowed(c conditions, p inbox.PageCursor, up, including bool) conditions {
	if l.lead != "" {
		return narrowedBySequence(c, l.lead, l.field, p, up, including)
	}
	return narrowed(c, l.field, p, up, including)
}

// narrowed returns c with a bound at p: above it or below it, with p itself or
// without. The plain bound on the field is the one that an index can begin at.
func narrowed(c conditions, field string, p inbox.PageCursor, up, including bool) conditions {
	beyond, from, id := "$lt", "$lte", "$lt"
	if up {
		beyond, from, id = "$gt", "$gte", "$gt"
	}
	if including {
		id += "e"
	}
	c = c.clone()
	c.add(field, bson.D{{Key: from, Value: p.At}})
	c.add("$or", bson.A{
		bson.D{{Key: field, Value: bson.D{{Key: beyond, Value: p.At}}}},
		bson.D{{Key: "_id", Value: bson.D{{Key: id, Value: p.ID}}}},
	})
	return c
}

// narrowedBySequence is narrowed for a list that is sorted by the number lead first.
// Items without the number are below every number, but no comparison matches them,
// so that they are selected as "not above".
func narrowedBySequence(c conditions, lead, field string, p inbox.PageCursor, up, including bool) conditions {
	beyond, id := "$lt", "$lt"
	if up {
		beyond, id = "$gt", "$gt"
	}
	if including {
		id += "e"
	}
	not := func(operator string, place int) bson.D {
		return bson.D{{Key: lead, Value: bson.D{{Key: "$not", Value: bson.D{{Key: operator, Value: place}}}}}}
	}
	c = c.clone()
	or := bson.A{
		bson.D{{Key: field, Value: bson.D{{Key: beyond, Value: p.At}}}},
		bson.D{{Key: field, Value: p.At}, {Key: "_id", Value: bson.D{{Key: id, Value: p.ID}}}},
	}
	switch {
	case up:
		or = append(or, bson.D{{Key: lead, Value: bson.D{{Key: "$gt", Value: p.Sequence}}}})
		if p.Sequence > 0 {
			c.add(lead, bson.D{{Key: "$gte", Value: p.Sequence}})
		}
	case p.Sequence > 0:
		or = append(or, not("$gte", p.Sequence))
		fallthrough
	default:
		c.add(lead, not("$gt", p.Sequence)[0].Value)
	}
	c.add("$or", or)
	return c
}
