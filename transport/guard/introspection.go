package guard

import (
	"context"
	"switchboard/transport/codes"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CodeIntrospectionDisabled refuses somebody who may not read the schema.
const CodeIntrospectionDisabled = "INTROSPECTION_DISABLED"

// reads reports whether a selection set reaches the schema. The walk is bounded
// by the limit on selections.
func reads(doc *ast.QueryDocument, selections ast.SelectionSet) bool {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" || reads(doc, s.SelectionSet) {
				return true
			}
		case *ast.InlineFragment:
			if reads(doc, s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if d := doc.Fragments.ForName(s.Name); d != nil && reads(doc, d.SelectionSet) {
				return true
			}
		}
	}
	return false
}

// introspect lets those read the schema who may.
func (g Guard) introspect(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = !g.introspection || g.mayIntrospect != nil && !g.mayIntrospect(ctx)
	if operation.DisableIntrospection && reads(operation.Doc, operation.Operation.SelectionSet) {
		return codes.New(CodeIntrospectionDisabled, "the schema cannot be read here, or not by you: see its documentation instead")
	}
	return nil
}

// branches says whether a field of the introspection types leads from one type
// to many others, so that nesting it multiplies.
func branches(field string) bool {
	switch field {
	case "fields", "interfaces", "possibleTypes", "inputFields":
		return true
	}
	return false
}
