package resolvers

import (
	"context"
	"reflect"

	"switchboard/auth"
	"switchboard/graph/scalars"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Preflight refuses, before anything of an operation is executed, errors that
// GraphQL forbids and the libraries let through, and those that would be found only
// after a mutation has had its effect:
//   - values of arguments and variables that are not of their type: a text for
//     an Int, a number for a String, an Int beyond 32 bits, the name of an enum
//     value in another case, a oneOf input with more than one field, or a null
//     one;
//   - paging arguments of nested lists that are out of their bounds, below mutations
//     and subscriptions;
//   - texts for nested lists that are no cursors of the caller's workspace, for which
//     nothing shall be read;
//   - @skip and @include at the root of a subscription, which has one root
//     field.
type Preflight struct {
	// Seals open cursors.
	Seals  *Seals
	schema *ast.Schema
}

var (
	_ graphql.HandlerExtension        = (*Preflight)(nil)
	_ graphql.OperationContextMutator = (*Preflight)(nil)
)

// ExtensionName is for gqlgen.
func (*Preflight) ExtensionName() string { return "Preflight" }

// Validate is for gqlgen; it gives the schema that operations are held to.
func (v *Preflight) Validate(schema graphql.ExecutableSchema) error {
	v.schema = schema.Schema()
	return nil
}

// MutateOperationContext changes nothing; it refuses.
func (v *Preflight) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	for _, d := range operation.Operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(d.Variable)}
		if err := v.check(path, d.Type, operation.Variables[d.Variable]); err != nil {
			return invalid(err)
		}
	}
	if operation.Operation.Operation == ast.Subscription {
		if err := unconditional(operation.Operation.SelectionSet); err != nil {
			return invalid(err)
		}
	}
	var refused *gqlerror.Error
	selected := selection{schema: v.schema, vars: operation.Variables}
	selected.walk(operation.Operation, func(f selectedField) bool {
		refused = v.field(ctx, operation, f)
		return refused == nil
	})
	return refused
}

// field checks the arguments of one field.
func (v *Preflight) field(ctx context.Context, operation *graphql.OperationContext, f selectedField) *gqlerror.Error {
	for _, arg := range f.Arguments {
		path := below(f.path, ast.PathName(arg.Name))
		value, err := arg.Value.Value(operation.Variables)
		if err != nil { // a number of more than 64 bits
			return invalid(gqlerror.ErrorPathf(path, "The value is out of range."))
		}
		if err := v.check(path, f.Definition.Arguments.ForName(arg.Name).Type, value); err != nil {
			return invalid(err)
		}
	}
	if len(f.path) == 1 {
		return nil // the resolver says so as well, and nothing has been done by then
	}
	args := f.ArgumentMap(operation.Variables)
	err := v.checkCursors(ctx, args)
	if err == nil && operation.Operation.Operation != ast.Query {
		err = checkLimits(args)
	}
	if err != nil {
		return gqlerror.WrapPath(f.path, err)
	}
	return nil
}

// checkCursors checks the cursors among args. It cannot recognise one of another list.
func (v *Preflight) checkCursors(ctx context.Context, args map[string]any) error {
	p, known := auth.FromContext(ctx)
	if !known {
		return nil // it is refused for that
	}
	for _, name := range []string{"after", "before"} {
		if text, ok := args[name].(string); ok {
			if err := v.Seals.genuine(p.Workspace, name, &text); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkLimits checks the sizes of pages among args against the rules of every list.
func checkLimits(args map[string]any) error {
	number := func(name string) *int {
		if n, ok := args[name].(int64); ok {
			whole := int(n)
			return &whole
		}
		if n, err := scalars.UnmarshalInt(args[name]); err == nil {
			return &n
		}
		return nil
	}
	_, _, err := pageArgs{first: number("first"), last: number("last")}.limit()
	return err
}

// unconditional refuses @skip and @include on the root field of a subscription
// and on the fragments around it.
func unconditional(root ast.SelectionSet) *gqlerror.Error {
	for _, selected := range root {
		var directives ast.DirectiveList
		var inside ast.SelectionSet
		switch s := selected.(type) {
		case *ast.Field:
			directives = s.Directives
		case *ast.InlineFragment:
			directives, inside = s.Directives, s.SelectionSet
		case *ast.FragmentSpread:
			directives, inside = s.Directives, s.Definition.SelectionSet
		}
		if directives.ForName("skip") != nil || directives.ForName("include") != nil {
			return gqlerror.ErrorPosf(selected.GetPosition(), "A subscription must have its one root field for all values of the variables. Remove @skip and @include there.")
		}
		if err := unconditional(inside); err != nil {
			return err
		}
	}
	return nil
}

func invalid(err *gqlerror.Error) *gqlerror.Error {
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

// check refuses value where a typ is wanted. Everything that the libraries
// check themselves is right by now, or missing.
func (v *Preflight) check(path ast.Path, typ *ast.Type, value any) *gqlerror.Error {
	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
		return v.checkList(path, typ, list)
	}
	named := typ.Name()
	switch given := value.(type) {
	case nil:
		return nil
	case map[string]any:
		return v.checkInput(path, v.schema.Types[named], given)
	}
	return checkScalar(path, v.schema.Types[named], value)
}

// checkScalar refuses a value that is not of the scalar or enum d. Scalars of our
// own are written as texts.
func checkScalar(path ast.Path, d *ast.Definition, value any) *gqlerror.Error {
	text, isText := value.(string)
	switch d.Name {
	case "Float", "ID", "Boolean": // the libraries are right about these
		return nil
	case "Int":
		if _, err := scalars.UnmarshalInt(value); err != nil {
			return gqlerror.ErrorPathf(path, "An Int is a whole number from -2147483648 to 2147483647, and not a text.")
		}
		return nil
	}
	switch {
	case !isText:
		return gqlerror.ErrorPathf(path, "A value of %s is written as a text.", d.Name)
	case d.Kind == ast.Enum && d.EnumValues.ForName(text) == nil:
		return gqlerror.ErrorPathf(path, "%q is not a value of %s. Write it as the schema does.", text, d.Name)
	}
	return nil
}

// checkList goes by reflection: the libraries make a []string of one string that
// stands where a list is wanted.
func (v *Preflight) checkList(path ast.Path, typ *ast.Type, items reflect.Value) *gqlerror.Error {
	for i := range items.Len() {
		if err := v.check(below(path, ast.PathIndex(i)), orItself(typ.Elem, typ), items.Index(i).Interface()); err != nil {
			return err
		}
	}
	return nil
}

func (v *Preflight) checkInput(path ast.Path, d *ast.Definition, fields map[string]any) *gqlerror.Error {
	if d.Kind != ast.InputObject {
		return nil // a scalar that is an object
	}
	if d.Directives.ForName("oneOf") != nil && !hasOne(fields) {
		return gqlerror.ErrorPathf(path, "%s takes exactly one field, which must not be null. Leave the others out.", d.Name)
	}
	for _, f := range d.Fields {
		if err := v.check(below(path, ast.PathName(f.Name)), f.Type, fields[f.Name]); err != nil {
			return err
		}
	}
	return nil
}

func hasOne(fields map[string]any) bool {
	for _, value := range fields {
		return len(fields) == 1 && value != nil
	}
	return false
}

func orItself(elem, typ *ast.Type) *ast.Type {
	if elem == nil {
		return typ
	}
	return elem
}

// below never writes into path, of which more than one step is made.
func below(path ast.Path, step ast.PathElement) ast.Path {
	return append(path[:len(path):len(path)], step)
}
