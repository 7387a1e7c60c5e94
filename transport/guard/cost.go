package guard

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// Sizes that stand for what a document does not say.
const (
	defaultPageCost = 20   // entries of a connection without first and last
	defaultListCost = 10   // entries of any other list
	largestList     = 1000 // what a client names beyond this is refused by the field itself
)

// What reading the schema and beginning a write cost, in units.
const (
	schemaCost   = 100
	mutationCost = 10
)

// coster estimates what an operation makes the server do, in units of about one
// object that is loaded and written out. Lists multiply what is inside of them:
// by first or last, by the length of a list that is given as an argument, or by
// a size that is assumed. Skipped and included fields count alike.
type coster struct {
	doc    *ast.QueryDocument
	vars   map[string]any
	fields map[string]int // cost of a field beside its object, by Type.field
	items  map[string]Items
}

// cost returns the cost of a validated operation, 1 or more. The walk is bounded
// by the limit on selections.
func (c coster) cost(operation *ast.OperationDefinition) int {
	return min(1+c.set(operation.SelectionSet, 0), manySelections)
}

func (c coster) set(selections ast.SelectionSet, page int) int {
	sum := 0
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			sum += c.field(s, page)
		case *ast.InlineFragment:
			sum += c.set(s.SelectionSet, page)
		case *ast.FragmentSpread:
			if d := c.doc.Fragments.ForName(s.Name); d != nil {
				sum += c.set(d.SelectionSet, page)
			}
		}
		sum = min(sum, manySelections)
	}
	return sum
}

// field costs what it takes to find and write f. Page is the size of the
// connection that f is a list of, 0 in any other place.
func (c coster) field(f *ast.Field, page int) int {
	if f.Name == "__schema" || f.Name == "__type" {
		return schemaCost
	}
	if f.Definition == nil || f.ObjectDefinition == nil {
		return 0
	}
	own := c.fields[f.ObjectDefinition.Name+"."+f.Name]
	if f.ObjectDefinition.Name == "Mutation" {
		own += mutationCost
	}
	if len(f.SelectionSet) > 0 {
		own++
	}
	asked := c.asked(f)
	if list, ok := c.items[f.ObjectDefinition.Name+"."+f.Name]; ok {
		n := c.itemsOf(f, list)
		return min(own+n+c.set(f.SelectionSet, n), manySelections)
	}
	switch {
	case f.Definition.Type.Elem != nil:
		return min(firstPositive(asked, page, defaultListCost)*(own+c.set(f.SelectionSet, 0)), manySelections)
	case pages(f.Definition):
		return min(own+c.set(f.SelectionSet, firstPositive(asked, defaultPageCost)), manySelections)
	}
	return min(own+c.set(f.SelectionSet, 0), manySelections)
}

func pages(d *ast.FieldDefinition) bool {
	return d.Arguments.ForName("first") != nil || d.Arguments.ForName("last") != nil
}

// asked is how many entries the arguments of f ask for; 0 when they do not say.
func (c coster) asked(f *ast.Field) int {
	most := 0
	for _, argument := range f.Arguments {
		switch n, list := c.size(argument.Value); {
		case list, argument.Name == "first", argument.Name == "last":
			most = max(most, n)
		}
	}
	return min(most, largestList)
}

// size is a whole number, or the length of a list.
func (c coster) size(v *ast.Value) (n int, list bool) {
	switch {
	case v == nil:
		return 0, false
	case v.Kind == ast.Variable:
		return sizeOf(c.vars[v.Raw])
	case v.Kind == ast.ListValue:
		return len(v.Children), true
	case v.Kind == ast.IntValue:
		return wholeNumber(v.Raw), false
	}
	return 0, false
}

func sizeOf(given any) (n int, list bool) {
	switch number := given.(type) {
	case nil:
		return 0, false
	case json.Number:
		return wholeNumber(number.String()), false
	}
	switch v := reflect.ValueOf(given); v.Kind() {
	case reflect.Slice, reflect.Array:
		return v.Len(), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(min(v.Int(), largestList)), false
	case reflect.Float32, reflect.Float64:
		return int(min(v.Float(), largestList)), false
	default:
		return 0, false
	}
}

// wholeNumber is the number in raw; one that does not fit is as large as any.
func wholeNumber(raw string) int {
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return largestList
	}
	return int(max(min(n, largestList), 0))
}

func firstPositive(sizes ...int) int {
	for _, size := range sizes {
		if size > 0 {
			return size
		}
	}
	return 1
}
