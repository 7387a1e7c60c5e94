package mongo_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/store/document"
)

// planner counts what MongoDB would read for a find with a hint. It applies two rules of
// MongoDB's planner, from its source, and no statistics; it is not MongoDB.
//
//   - Of several predicates on a field that holds an array one gives the bounds of the
//     index: equality before $in, before a range. The others are checked on the way.
//   - An index gives the order of a list if every field before the sort key is bound to
//     single values. Their combinations are ranges, which are merged if there are at most
//     200, and else read whole and sorted.
type planner struct {
	indexes map[string][]string
	docs    []flat
	inOrder map[string][]flat // by sort key, descending
}

const mostRanges = 200

// flat is a document by the paths of its fields.
type flat map[string]any

// reading is how a find is answered.
type reading struct {
	ranges int
	// sorts says that everything in the bounds is read and sorted, whatever the limit.
	sorts bool
	// walked counts the documents that are read, found those of them that are returned.
	walked, found int
}

func newPlanner(t *testing.T, indexes map[string][]string, all []inbox.Conversation) planner {
	t.Helper()
	p := planner{indexes: indexes, inOrder: map[string][]flat{}}
	for _, c := range all {
		raw, err := bson.Marshal(document.OfConversation(c))
		require.NoError(t, err)
		f := flat{}
		f.add(t, "", raw)
		p.docs = append(p.docs, f)
	}
	return p
}

func (f flat) add(t *testing.T, prefix string, raw bson.Raw) {
	t.Helper()
	elements, err := raw.Elements()
	require.NoError(t, err)
	for _, e := range elements {
		if within, ok := e.Value().DocumentOK(); ok {
			f.add(t, prefix+e.Key()+".", within)
			continue
		}
		var v any
		require.NoError(t, e.Value().Unmarshal(&v))
		f[prefix+e.Key()] = v
	}
}

// find is the part of a command that decides how it is answered.
type find struct {
	Filter bson.D
	Sort   bson.D
	Limit  int
	Hint   string
}

// read answers a find.
func (p planner) read(t *testing.T, f find) reading {
	t.Helper()
	keys := p.indexes[f.Hint]
	require.NotEmpty(t, keys, "no index %q", f.Hint)
	bounds, ranges, ordered := p.bounds(f, keys)
	out := reading{ranges: ranges, sorts: !ordered || ranges > mostRanges}
	docs := p.docs
	if !out.sorts {
		docs = p.sorted(f.Sort[0].Key)
	}
	for _, d := range docs {
		if !d.matches(bounds) {
			continue
		}
		out.walked++
		if d.matches(f.Filter) {
			out.found++
		}
		if !out.sorts && out.found == f.Limit {
			break
		}
	}
	if f.Limit > 0 {
		out.found = min(out.found, f.Limit)
	}
	return out
}

// bounds returns the predicates that bound the index up to the first field that is not
// bound to single values, the number of ranges, and whether the sort key comes then.
func (p planner) bounds(f find, keys []string) (bounds bson.D, ranges int, ordered bool) {
	ranges = 1
	for _, key := range keys {
		of := predicates(f.Filter, key)
		if isArray := key == "places" || key == "words"; isArray && len(of) > 1 {
			of = of[:1]
		}
		bounds = append(bounds, of...)
		if len(f.Sort) > 0 && key == f.Sort[0].Key {
			return bounds, ranges, true
		}
		if len(of) == 0 || rank(of[0].Value) > 1 {
			return bounds, ranges, false
		}
		ranges *= points(of[0].Value)
	}
	return bounds, ranges, false
}

// predicates are those on a field that must hold, the one that binds it closest first.
func predicates(filter bson.D, field string) (out bson.D) {
	for _, e := range filter {
		switch e.Key {
		case field:
			out = append(out, e)
		case "$and":
			for _, clause := range e.Value.(bson.A) {
				out = append(out, predicates(clause.(bson.D), field)...)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b bson.E) int { return cmp.Compare(rank(a.Value), rank(b.Value)) })
	return out
}

// rank is 0 for equality, 1 for $in, and 2 for any other predicate.
func rank(predicate any) int {
	operator, ok := predicate.(bson.D)
	switch {
	case !ok:
		return 0
	case operator[0].Key == "$in":
		return 1
	}
	return 2
}

func points(predicate any) int {
	if operator, ok := predicate.(bson.D); ok {
		return len(operator[0].Value.(bson.A))
	}
	return 1
}

// sorted returns the documents in the order of a list, the greatest first.
func (p planner) sorted(by string) []flat {
	if p.inOrder[by] == nil {
		p.inOrder[by] = slices.Clone(p.docs)
		slices.SortFunc(p.inOrder[by], func(a, b flat) int {
			return cmp.Or(compare(b[by], a[by]), compare(b["_id"], a["_id"]))
		})
	}
	return p.inOrder[by]
}

// matches evaluates the operators that the store sends.
func (f flat) matches(filter bson.D) bool {
	return !slices.ContainsFunc(filter, func(e bson.E) bool { return !f.holds(e) })
}

func (f flat) holds(e bson.E) bool {
	switch e.Key {
	case "$and":
		return !slices.ContainsFunc(e.Value.(bson.A), func(clause any) bool { return !f.matches(clause.(bson.D)) })
	case "$or":
		return slices.ContainsFunc(e.Value.(bson.A), func(clause any) bool { return f.matches(clause.(bson.D)) })
	}
	values, ok := f[e.Key].(bson.A)
	if !ok {
		values = bson.A{f[e.Key]}
	}
	return slices.ContainsFunc(values, func(v any) bool { return satisfies(v, e.Value) })
}

func satisfies(v, predicate any) bool {
	operators, ok := predicate.(bson.D)
	if !ok {
		return compare(v, predicate) == 0
	}
	return !slices.ContainsFunc(operators, func(o bson.E) bool {
		switch o.Key {
		case "$in":
			return !slices.ContainsFunc(o.Value.(bson.A), func(one any) bool { return compare(v, one) == 0 })
		case "$exists":
			return (v != nil) != o.Value.(bool)
		case "$elemMatch":
			return !satisfies(v, o.Value)
		case "$lt":
			return compare(v, o.Value) >= 0
		case "$lte":
			return compare(v, o.Value) > 0
		case "$gt":
			return compare(v, o.Value) <= 0
		case "$gte":
			return compare(v, o.Value) < 0
		}
		panic("the planner of the tests does not know " + o.Key)
	})
}

// compare orders two values of one type.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case bson.DateTime:
		return cmp.Compare(a, b.(bson.DateTime))
	case bool:
		return cmp.Compare(map[bool]int{true: 1}[a], map[bool]int{true: 1}[b.(bool)])
	}
	panic("the planner of the tests does not know the type of a value")
}
