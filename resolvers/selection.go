package resolvers

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// selection reads which fields an operation would execute, without executing it.
type selection struct {
	schema *ast.Schema
	vars   map[string]any
}

// selectedField is one field of an operation, as often as it is reached.
type selectedField struct {
	*ast.Field
	// path has the names that the answer uses, without places in lists.
	path ast.Path
	// on are the object types that the field can be selected on.
	on []string
	// refusal says that the field is in a refusal: nothing has been done when it is
	// executed.
	refusal bool
}

// userErrors is the interface that all refusals implement.
const userErrors = "UserError"

// walk visits each selected field, fragments included, until visit is false. It
// leaves out fields that @skip and @include exclude. Fragments must not be
// circular, which validation ensures.
func (s selection) walk(operation *ast.OperationDefinition, visit func(selectedField) bool) {
	root := s.schema.Query
	switch operation.Operation {
	case ast.Mutation:
		root = s.schema.Mutation
	case ast.Subscription:
		root = s.schema.Subscription
	case ast.Query:
	}
	s.set(operation.SelectionSet, position{on: []string{root.Name}}, visit)
}

// position is where a selection set stands.
type position struct {
	on      []string
	path    ast.Path
	refusal bool
}

func (s selection) set(set ast.SelectionSet, at position, visit func(selectedField) bool) bool {
	for _, selected := range set {
		more := true
		switch one := selected.(type) {
		case *ast.Field:
			more = !s.included(one.Directives) || s.field(one, at, visit)
		case *ast.InlineFragment:
			more = !s.included(one.Directives) || s.set(one.SelectionSet, s.narrowed(at, one.TypeCondition), visit)
		case *ast.FragmentSpread:
			more = !s.included(one.Directives) || s.set(one.Definition.SelectionSet, s.narrowed(at, one.Definition.TypeCondition), visit)
		}
		if !more {
			return false
		}
	}
	return true
}

func (s selection) field(f *ast.Field, at position, visit func(selectedField) bool) bool {
	path := below(at.path, ast.PathName(f.Alias))
	if !visit(selectedField{Field: f, path: path, on: at.on, refusal: at.refusal}) {
		return false
	}
	if len(f.SelectionSet) == 0 {
		return true
	}
	typ := s.schema.Types[f.Definition.Type.Name()]
	return s.set(f.SelectionSet, position{on: s.objects(typ), path: path, refusal: at.refusal || typ.Name == userErrors}, visit)
}

// narrowed is the position in a fragment: its condition leaves some of the types.
func (s selection) narrowed(at position, condition string) position {
	if condition == "" {
		return at
	}
	objects := s.objects(s.schema.Types[condition])
	at.on = slices.DeleteFunc(slices.Clone(at.on), func(name string) bool { return !slices.Contains(objects, name) })
	return at
}

// objects are the object types that a value of typ can have.
func (s selection) objects(typ *ast.Definition) []string {
	var out []string
	for _, d := range s.schema.GetPossibleTypes(typ) {
		if d.Kind == ast.Object {
			out = append(out, d.Name)
		}
	}
	return out
}

// included asks @skip and @include.
func (s selection) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		value, err := d.Arguments.ForName("if").Value.Value(s.vars)
		if holds, _ := value.(bool); err == nil && holds == (d.Name == "skip") {
			return false
		}
	}
	return true
}
