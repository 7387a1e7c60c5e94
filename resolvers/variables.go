package resolvers

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// StrictVariables refuses values of variables that GraphQL forbids and the
// libraries let through: the name of an enum value in another case, which would
// be read as no value at all, and a oneOf input with more than one field, or
// with one that is null. Written out in a document both are refused already.
type StrictVariables struct{ schema *ast.Schema }

var (
	_ graphql.HandlerExtension        = (*StrictVariables)(nil)
	_ graphql.OperationContextMutator = (*StrictVariables)(nil)
)

// ExtensionName is for gqlgen.
func (*StrictVariables) ExtensionName() string { return "StrictVariables" }

// Validate is for gqlgen; it gives the schema that variables are held to.
func (v *StrictVariables) Validate(schema graphql.ExecutableSchema) error {
	v.schema = schema.Schema()
	return nil
}

// MutateOperationContext changes nothing; it refuses.
func (v *StrictVariables) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	for _, d := range operation.Operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(d.Variable)}
		if err := v.check(path, d.Type, operation.Variables[d.Variable]); err != nil {
			errcode.Set(err, errcode.ValidationFailed)
			return err
		}
	}
	return nil
}

// check refuses value where a typ is wanted. Everything that the libraries
// check themselves is right by now, or missing.
func (v *StrictVariables) check(path ast.Path, typ *ast.Type, value any) *gqlerror.Error {
	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
		return v.checkList(path, typ, list)
	}
	switch given := value.(type) {
	case map[string]any:
		return v.checkInput(path, v.schema.Types[typ.Name()], given)
	case string:
		if d := v.schema.Types[typ.Name()]; d.Kind == ast.Enum && d.EnumValues.ForName(given) == nil {
			return gqlerror.ErrorPathf(path, "%q is not a value of %s. Write it as the schema does.", given, d.Name)
		}
	}
	return nil
}

// checkList goes by reflection: the libraries make a []string of one string that
// stands where a list is wanted.
func (v *StrictVariables) checkList(path ast.Path, typ *ast.Type, items reflect.Value) *gqlerror.Error {
	for i := range items.Len() {
		if err := v.check(below(path, ast.PathIndex(i)), orItself(typ.Elem, typ), items.Index(i).Interface()); err != nil {
			return err
		}
	}
	return nil
}

func (v *StrictVariables) checkInput(path ast.Path, d *ast.Definition, fields map[string]any) *gqlerror.Error {
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
