package guard

import "github.com/vektah/gqlparser/v2/ast"

// Items is a list argument of which a field does something for each item: each costs one,
// and a list directly below the field is taken to be as long.
type Items struct {
	// Of is the path of the list among the arguments, and Otherwise the length of one that
	// is not given.
	Of        []string
	Otherwise int
}

// itemsOf is how many items f is asked for.
func (c coster) itemsOf(f *ast.Field, list Items) int {
	argument := f.Arguments.ForName(list.Of[0])
	if argument == nil {
		return list.Otherwise
	}
	n, given := c.sizeAt(argument.Value, list.Of[1:])
	if !given {
		return list.Otherwise
	}
	return min(n, largestList)
}

// sizeAt is the length of the list at path within v.
func (c coster) sizeAt(v *ast.Value, path []string) (n int, given bool) {
	switch {
	case v == nil:
		return 0, false
	case len(path) == 0:
		return c.size(v)
	case v.Kind == ast.Variable:
		return sizeWithin(c.vars[v.Raw], path)
	}
	return c.sizeAt(v.Children.ForName(path[0]), path[1:])
}

// sizeWithin is sizeAt for the value of a variable.
func sizeWithin(given any, path []string) (n int, ok bool) {
	for _, name := range path {
		fields, isObject := given.(map[string]any)
		if !isObject {
			return 0, false
		}
		given = fields[name]
	}
	return sizeOf(given)
}
