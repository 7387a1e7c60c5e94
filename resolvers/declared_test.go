package resolvers_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/graph/contract"
)

// declared fails a test when a mutation answers a code in userErrors that the schema
// does not list in its @errors. Every server of these tests has it, so that whatever
// any of them provokes is held to the schema.
type declared struct{ t *testing.T }

var (
	_ graphql.HandlerExtension = declared{}
	_ graphql.FieldInterceptor = declared{}
)

// ExtensionName is for gqlgen.
func (declared) ExtensionName() string { return "Declared" }

// Validate is for gqlgen.
func (declared) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField looks at the payloads of mutations.
func (d declared) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	out, err := next(ctx)
	f := graphql.GetFieldContext(ctx)
	if f.Object != "Mutation" || err != nil {
		return out, err
	}
	for _, code := range userErrorCodes(out) {
		if !slices.Contains(contract.Errors(f.Field.Definition), code) {
			d.t.Errorf("%s answered %s, which its @errors in graph/schema does not list", f.Field.Name, code)
		}
	}
	return out, err
}

// userErrorCodes are the codes of the refusals in a payload.
func userErrorCodes(payload any) (out []string) {
	v := reflect.Indirect(reflect.ValueOf(payload))
	if v.Kind() != reflect.Struct {
		return nil
	}
	all := v.FieldByName("UserErrors")
	for i := range all.Len() {
		out = append(out, reflect.Indirect(all.Index(i).Elem()).FieldByName("Code").String())
	}
	return out
}
